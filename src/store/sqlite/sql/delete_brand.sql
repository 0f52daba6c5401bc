delete from brands where org_id = :org_id and id = :id;
