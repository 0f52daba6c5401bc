select * from insights where id = :id and org_id = :org_id
