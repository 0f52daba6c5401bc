select 1 from projects where id = :project_id and org_id = :org_id
