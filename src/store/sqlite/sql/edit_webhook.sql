-- An earlier secret goes on signing only beside the one that took its place. One that was let go
-- cannot be read.
update webhooks
set is_active = coalesce(:is_active, is_active),
    gone_at = iif(:is_active, null, gone_at),
    endpoint_url = coalesce(:endpoint_url, endpoint_url),
    events = coalesce(:events, events),
    previous_secret = iif(
        :secret is null or length(secret) = 0, previous_secret, secret
    ),
    previous_secret_until = iif(
        :secret is null or length(secret) = 0, previous_secret_until, :previous_until
    ),
    secret = coalesce(:secret, secret),
    updated_at = :now
where id = :id and org_id = :org_id
returning
    id, org_id, endpoint_url, events, is_active, secret, previous_secret, previous_secret_until,
    gone_at, created_at, updated_at;
