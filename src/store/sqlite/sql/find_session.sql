-- The key that the session stands for, and when the session ends.
select
    api_keys.id, org_id, name, scopes, hint, api_keys.created_at, last_used_at, revoked_at,
    expires_at
from sessions
join api_keys on api_keys.id = sessions.key_id
where sessions.hash = :hash and expires_at > :now and revoked_at is null;
