select * from digests where id = :id and org_id = :org_id
