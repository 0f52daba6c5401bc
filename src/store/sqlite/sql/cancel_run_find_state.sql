select state from runs where id = :id and org_id = :org_id;
