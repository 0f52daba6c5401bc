-- Webhooks, and what is delivered to them.

create table webhooks (
    id                    blob    not null primary key check (length(id) = 16),
    org_id                blob    not null references orgs (id) on delete cascade,
    endpoint_url          text    not null,
    -- Words with commas between them.
    events                text    not null,
    is_active             integer not null check (is_active in (0, 1)),
    -- Encrypted: the key lies in no table.
    secret                blob    not null,
    previous_secret       blob,
    previous_secret_until integer,
    gone_at               integer,
    created_at            integer not null,
    updated_at            integer not null,
    check ((previous_secret is null) = (previous_secret_until is null))
) strict, without rowid;

create index webhooks_of_org on webhooks (org_id, id);

-- A delivery is a job; here stands to whom and of what.
create table deliveries (
    job_id     blob not null primary key references jobs (id) on delete cascade,
    webhook_id blob not null references webhooks (id) on delete cascade,
    event      text not null check (json_valid(event))
) strict, without rowid;

create index deliveries_of_webhook on deliveries (webhook_id, job_id);
