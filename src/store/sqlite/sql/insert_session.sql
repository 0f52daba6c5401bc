insert into sessions (hash, key_id, created_at, expires_at)
values (:hash, :key_id, :created_at, :expires_at);
