select
    id, org_id, endpoint_url, events, is_active, secret, previous_secret, previous_secret_until,
    gone_at, created_at, updated_at
from webhooks
where org_id = :org_id
order by id desc;
