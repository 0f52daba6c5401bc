update webhooks
set is_active = 0, secret = x'', previous_secret = null, previous_secret_until = null,
    updated_at = :now
where id = :id
returning
    id, org_id, endpoint_url, events, is_active, secret, previous_secret, previous_secret_until,
    gone_at, created_at, updated_at;
