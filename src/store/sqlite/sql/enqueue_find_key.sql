select fingerprint, status, body
from idempotency_keys
where org_id = :org_id and route = :route and key = :key and created_at > :expired_at;
