select 1 from repository_grants where org_id = :org_id and path = :path
