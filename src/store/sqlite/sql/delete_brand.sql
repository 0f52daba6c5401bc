delete from brands where org_id = :org and id = :id;
