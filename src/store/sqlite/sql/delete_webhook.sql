delete from webhooks where id = :id and org_id = :org_id;
