-- Schedules: what is submitted again and again. A firing is stored together with the next one's
-- moment, so that none is lost and none happens twice.

create table schedules (
    id         blob    not null primary key check (length(id) = 16),
    org_id     blob    not null references orgs (id) on delete cascade,
    name       text,
    cron       text    not null,
    time_zone  text    not null,
    task       text    not null check (json_valid(task)),
    overlap    text    not null check (overlap in ('skip', 'queue', 'replace')),
    catch_up   integer not null check (catch_up >= 0),
    is_active  integer not null check (is_active in (0, 1)),
    next_at    integer,
    last_at    integer,
    -- No foreign keys: a schedule outlives what it submitted.
    last_job   blob,
    last_run   blob,
    skip_reason text,
    skipped    integer not null default 0 check (skipped >= 0),
    created_at integer not null,
    updated_at integer not null,
    check (last_job is null or last_run is null)
) strict, without rowid;

create index schedules_of_org on schedules (org_id, id);
create index schedules_due on schedules (next_at) where is_active and next_at is not null;
