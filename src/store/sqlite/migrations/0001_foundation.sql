-- The foundation: organizations, keys, jobs, their queues, brands and assets.
-- Moments are integer milliseconds UTC (`_at`); ids are UUIDs in 16 bytes.

create table orgs (
    id         blob    not null primary key check (length(id) = 16),
    name       text    not null unique check (length(name) between 1 and 100),
    created_at integer not null
) strict, without rowid;

create table api_keys (
    id           blob    not null primary key check (length(id) = 16),
    -- Null for a worker's key, which claims every organization's jobs and sees nothing else.
    org_id       blob    references orgs (id) on delete cascade,
    name         text    not null,
    -- SHA-256 of the whole secret; the secret itself is nowhere.
    hash         blob    not null unique check (length(hash) = 32),
    scopes       text    not null,
    hint         text    not null,
    created_at   integer not null,
    last_used_at integer,
    revoked_at   integer,
    check (org_id is not null or scopes = 'work')
) strict, without rowid;

create index api_keys_of_org on api_keys (org_id, id);

-- Columns are read by position: new ones go to the end, in later migrations.
create table jobs (
    seq                  integer not null primary key,
    id                   blob    not null unique check (length(id) = 16),
    org_id               blob    not null references orgs (id) on delete cascade,
    action               text    not null,
    internal             integer not null check (internal in (0, 1)),
    -- Spelled out: a list of three words or more makes SQLite build a table at every write.
    state                text    not null check (
        state = 'blocked' or state = 'queued' or state = 'processing'
        or state = 'completed' or state = 'failed' or state = 'cancelled'
    ),
    priority             integer not null check (priority between 0 and 9),
    -- A payload lies beside its row while it is small, else in the asset store.
    input                text,
    input_file           blob,
    echo                 text    not null,
    phase                text,
    progress             real             check (progress between 0 and 1),
    result               text,
    result_file          blob,
    error_code           text,
    error_message        text,
    diagnostics          text,
    attempt              integer not null default 0 check (attempt >= 0),
    max_attempts         integer not null check (max_attempts >= 1),
    attempt_timeout_ms   integer not null check (attempt_timeout_ms > 0),
    -- Not before this moment; null once it is due.
    run_at               integer,
    unique_key           text,
    retry_of             blob,
    run_id               blob,
    step_id              text,
    pending_dependencies integer not null default 0 check (pending_dependencies >= 0),
    worker               text,
    -- Grows with every claim: what is written under an older one is refused.
    lease_epoch          integer not null default 0,
    lease_expires_at     integer,
    created_at           integer not null,
    updated_at           integer not null,
    started_at           integer,
    finished_at          integer,
    check ((input is null) <> (input_file is null)),
    check (result is null or result_file is null),
    check ((state = 'processing') = (lease_expires_at is not null)),
    check (state <> 'processing' or worker is not null),
    check (
        (state = 'completed' or state = 'failed' or state = 'cancelled')
        = (finished_at is not null)
    ),
    check ((state = 'completed') = (coalesce(result, result_file) is not null)),
    check (state <> 'failed' or error_code is not null),
    check (run_at is null or state in ('blocked', 'queued')),
    check ((run_id is null) = (step_id is null))
) strict;

create index jobs_to_claim on jobs (org_id, action, priority, id)
    where state = 'queued' and run_at is null;
create index jobs_to_ripen on jobs (run_at) where state = 'queued' and run_at is not null;
create index jobs_to_rescue on jobs (lease_expires_at) where state = 'processing';
create index jobs_to_prune on jobs (finished_at) where finished_at is not null;
create index jobs_for_listing on jobs (org_id, internal, id);
create unique index jobs_with_unique_key on jobs (org_id, action, unique_key)
    where unique_key is not null and finished_at is null;
create index jobs_with_input_file on jobs (input_file) where input_file is not null;
create index jobs_with_result_file on jobs (result_file) where result_file is not null;

-- How much of each organization's work is due, and whose turn it is. Kept by the triggers below,
-- so that no statement can forget it.
create table queues (
    org_id       blob    not null references orgs (id) on delete cascade,
    action       text    not null,
    -- Jobs that are queued and due.
    ready        integer not null default 0 check (ready >= 0),
    -- Jobs that have not ended.
    unfinished   integer not null default 0 check (unfinished >= 0),
    -- Start-time fair queuing: the organization with the least goes first, and each claim adds one.
    virtual_time integer not null default 0,
    primary key (org_id, action)
) strict, without rowid;

create index queues_in_turn on queues (virtual_time, org_id) where ready > 0;

-- One trigger a move, so that each job pays for its own alone: most are accepted straight into a
-- worker's hands, and end, without ever being counted as ready.
create trigger jobs_enter_queue after insert on jobs
when not (new.state = 'queued' and new.run_at is null)
begin
    insert into queues (org_id, action, unfinished)
    values (new.org_id, new.action, new.finished_at is null)
    on conflict do update set unfinished = queues.unfinished + excluded.unfinished;
end;

create trigger jobs_enter_queue_ready after insert on jobs
when new.state = 'queued' and new.run_at is null
begin
    insert into queues (org_id, action, ready, unfinished, virtual_time)
    values (
        new.org_id,
        new.action,
        1,
        1,
        -- An organization that comes back after a pause starts at the present virtual time:
        -- it neither catches up on turns that it did not use, nor waits for those it had.
        max(
            coalesce((select max(virtual_time) from queues where org_id = new.org_id), 0),
            coalesce(
                (select min(virtual_time) from queues where ready > 0),
                (select max(virtual_time) from queues),
                0
            )
        )
    )
    on conflict do update
    set virtual_time = case
            when queues.ready = 0 then max(queues.virtual_time, excluded.virtual_time)
            else queues.virtual_time
        end,
        ready = queues.ready + 1,
        unfinished = queues.unfinished + 1;
end;

create trigger jobs_leave_queue after update of state on jobs
when old.finished_at is null and new.finished_at is not null
begin
    update queues set unfinished = unfinished - 1
    where org_id = new.org_id and action = new.action;
end;

create trigger jobs_become_ready after update of state, run_at on jobs
when not (old.state = 'queued' and old.run_at is null)
    and new.state = 'queued' and new.run_at is null
begin
    update queues
    set virtual_time = case
            -- As when a job enters.
            when ready = 0
            then max(
                virtual_time,
                (select max(virtual_time) from queues where org_id = new.org_id),
                coalesce(
                    (select min(virtual_time) from queues where ready > 0),
                    (select max(virtual_time) from queues)
                )
            )
            else virtual_time
        end,
        ready = ready + 1
    where org_id = new.org_id and action = new.action;
end;

create trigger jobs_stop_being_ready after update of state, run_at on jobs
when old.state = 'queued' and old.run_at is null
    and not (new.state = 'queued' and new.run_at is null)
begin
    update queues set ready = ready - 1 where org_id = new.org_id and action = new.action;
end;

-- Attempts that did not end their job. The last one of an ended job stands in the job's own row:
-- nearly every job has only that one.
create table attempts (
    job_id        blob    not null references jobs (id) on delete cascade,
    lease_epoch   integer not null,
    attempt       integer not null,
    started_at    integer not null,
    ended_at      integer not null,
    outcome       text    not null check (
        outcome in ('completed', 'failed', 'retried', 'cancelled', 'released', 'lost')
    ),
    error_code    text,
    error_message text,
    worker        text    not null,
    primary key (job_id, lease_epoch)
) strict, without rowid;

create table job_logs (
    job_id  blob    not null references jobs (id) on delete cascade,
    seq     integer not null,
    attempt integer not null,
    at      integer not null,
    level   text    not null check (level in ('debug', 'info', 'warn', 'error')),
    message text    not null,
    primary key (job_id, seq)
) strict, without rowid;

create table idempotency_keys (
    org_id      blob    not null references orgs (id) on delete cascade,
    route       text    not null,
    key         text    not null,
    fingerprint blob    not null check (length(fingerprint) = 32),
    status      integer not null,
    body        text    not null,
    created_at  integer not null,
    primary key (org_id, route, key)
) strict, without rowid;

create index idempotency_keys_to_prune on idempotency_keys (created_at);

create table assets (
    id           blob    not null primary key check (length(id) = 16),
    org_id       blob    not null references orgs (id) on delete cascade,
    -- SHA-256 of the content: its name in the asset store.
    digest       blob    not null check (length(digest) = 32),
    mime_type    text    not null,
    bytes        integer not null check (bytes >= 0),
    width        integer,
    height       integer,
    -- The secret part of `/assets/<token>`; null once it was ended.
    token        text,
    -- No foreign key: a file may outlive the job that it came with.
    job_id       blob,
    created_at   integer not null,
    last_used_at integer not null
) strict, without rowid;

-- Which jobs have a file: the one that it came with or out of, and those that do that one again.
-- A file stays as long as one of them does, or a brand shows it.
create table asset_uses (
    job_id   blob not null references jobs (id) on delete cascade,
    asset_id blob not null references assets (id) on delete cascade,
    primary key (job_id, asset_id)
) strict, without rowid;

create index uses_of_asset on asset_uses (asset_id);

create unique index assets_by_token on assets (token) where token is not null;
create index assets_by_digest on assets (digest);
create index assets_of_org on assets (org_id);
create index assets_to_prune on assets (last_used_at);

create table brands (
    id          blob    not null primary key check (length(id) = 16),
    org_id      blob    not null references orgs (id) on delete cascade,
    domain      text    not null check (domain <> ''),
    name        text    not null check (name <> ''),
    -- The name in lower case by Unicode's rules, for searching: `lower` knows ASCII only.
    folded_name text    not null,
    profile     text    not null check (json_valid(profile)),
    evidence    text    not null check (json_valid(evidence)),
    -- A brand does without a file that somebody deleted.
    logo_id     blob    references assets (id) on delete set null,
    font_id     blob    references assets (id) on delete set null,
    -- The last job that found it; no foreign key, because the brand outlives it.
    job_id      blob,
    created_at  integer not null,
    updated_at  integer not null check (updated_at >= created_at),
    unique (org_id, domain)
) strict;

create index brands_for_listing on brands (org_id, created_at, id);
create index brands_with_logo on brands (logo_id) where logo_id is not null;
create index brands_with_font on brands (font_id) where font_id is not null;
