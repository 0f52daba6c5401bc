insert into projects (
    id, org_id, name, key, description, kind, repository, source, digest, created_at, updated_at
) values (
    :id, :org_id, :name, :key, :description, :kind, :repository, :source, :digest, :created_at,
    :updated_at
)
on conflict (org_id, name) do nothing
