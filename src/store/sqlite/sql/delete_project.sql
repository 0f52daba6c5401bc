delete from projects where id = :id and org_id = :org_id
