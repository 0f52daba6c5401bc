select * from projects where org_id = :org_id and name = :name
