select id, org_id, name, scopes, hint, created_at, last_used_at, revoked_at
from api_keys
where hash = :hash and revoked_at is null;
