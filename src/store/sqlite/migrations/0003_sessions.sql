-- Sessions of the dashboard: who holds the secret of one may do what its key may.

create table sessions (
    -- SHA-256 of the secret; the secret itself is nowhere.
    hash       blob    not null primary key check (length(hash) = 32),
    key_id     blob    not null references api_keys (id) on delete cascade,
    created_at integer not null,
    expires_at integer not null check (expires_at > created_at)
) strict, without rowid;

create index sessions_of_key on sessions (key_id, created_at);
create index sessions_to_prune on sessions (expires_at);
