-- Replaces one that expired but was not pruned yet.
insert or replace into idempotency_keys (org_id, route, key, fingerprint, status, body, created_at)
values (:org_id, :route, :key, :fingerprint, :status, :body, :now);
