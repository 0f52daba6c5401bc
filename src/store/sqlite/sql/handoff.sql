select * from handoffs where id = :id and org_id = :org_id
