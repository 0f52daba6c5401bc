update projects
set name = :name, key = :key, description = :description, kind = :kind, repository = :repository,
    source = :source, digest = :digest, updated_at = max(:updated_at, created_at)
where id = :id and org_id = :org_id
