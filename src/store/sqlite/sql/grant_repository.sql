insert into repository_grants (org_id, path, created_at) values (:org_id, :path, :now)
on conflict do nothing
