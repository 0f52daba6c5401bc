delete from idempotency_keys
where (org_id, route, key) in (
    select org_id, route, key from idempotency_keys where created_at < :before limit :limit
);
