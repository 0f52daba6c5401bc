insert into api_keys (id, org_id, name, hash, scopes, hint, created_at)
values (:id, :org_id, :name, :hash, :scopes, :hint, :created_at);
