delete from api_keys where org_id = :org_id;
