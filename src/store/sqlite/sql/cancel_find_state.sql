select state from jobs where id = :id and org_id = :org_id and internal = 0;
