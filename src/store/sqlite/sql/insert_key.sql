insert into api_keys (id, org_id, name, scopes, hint, secret_hash, created_at)
values (:id, :org, :name, :scopes, :hint, :hash, :created_at);
