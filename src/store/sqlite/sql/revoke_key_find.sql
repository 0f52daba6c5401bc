select id, org_id, name, scopes, hint, created_at, last_used_at, revoked_at
from api_keys
where id = :id and (:org_id is null or org_id = :org_id);
