select
    id, org_id, endpoint_url, events, is_active, secret, previous_secret, previous_secret_until,
    gone_at, created_at, updated_at
from webhooks
where id = :id and org_id = :org_id;
