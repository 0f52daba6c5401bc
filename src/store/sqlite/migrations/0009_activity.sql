-- A team's work: projects, the events of their work, and the documents made of them.

create table projects (
    id          blob    not null primary key check (length(id) = 16),
    org_id      blob    not null references orgs (id) on delete cascade,
    name        text    not null check (name <> ''),
    key         text    not null check (key <> ''),
    description text    not null,
    kind        text    not null check (kind in ('personal', 'organization')),
    -- A directory on this machine, as it was named.
    repository  text,
    -- What its commits are called; null asks the repository's remote.
    source      text,
    digest      text             check (digest in ('daily', 'weekly')),
    created_at  integer not null,
    updated_at  integer not null check (updated_at >= created_at),
    unique (org_id, name),
    check (source is null or repository is not null)
) strict, without rowid;

-- Directories that the operator named for an organization: each is its own permission.
create table repository_grants (
    org_id     blob    not null references orgs (id) on delete cascade,
    path       text    not null,
    created_at integer not null,
    primary key (org_id, path)
) strict, without rowid;

create table events (
    seq         integer not null primary key,
    -- Derived from project, source and external id.
    id          blob    not null unique check (length(id) = 16),
    org_id      blob    not null references orgs (id) on delete cascade,
    project_id  blob    not null references projects (id) on delete cascade,
    source      text    not null,
    external_id text    not null,
    event_type  text    not null,
    place_id    text,
    place_label text,
    priority    text,
    -- Work that its source says is not done: it is a part of every later window.
    is_open     integer not null check (is_open in (0, 1)),
    created_at  integer not null,
    -- The last moment at which something happened to it.
    last_at     integer not null check (last_at >= created_at),
    stored_at   integer not null,
    -- The whole event; the columns above are for finding it, and read without going through it.
    body        text    not null check (json_valid(body)),
    unique (project_id, source, external_id)
) strict;

create index events_to_select on events (project_id, last_at);
create index open_events_to_select on events (project_id, created_at) where is_open = 1;
create index events_for_listing on events (org_id, created_at);
create index events_to_prune on events (last_at) where is_open = 0;

create table handoffs (
    id           blob    not null unique check (length(id) = 16),
    org_id       blob    not null references orgs (id) on delete cascade,
    project_id   blob    not null references projects (id) on delete cascade,
    project_name text    not null,
    -- The key that asked for it; no foreign key, because the document outlives it.
    requested_by blob,
    status       text    not null check (status in ('active', 'archived')),
    content      text    not null check (json_valid(content)),
    created_at   integer not null,
    updated_at   integer not null check (updated_at >= created_at)
) strict;

create index handoffs_for_listing on handoffs (org_id, created_at);
create index handoffs_of_project on handoffs (project_id, created_at);
create index handoffs_to_prune on handoffs (created_at);

create table insights (
    id           blob    not null unique check (length(id) = 16),
    org_id       blob    not null references orgs (id) on delete cascade,
    project_id   blob    not null references projects (id) on delete cascade,
    requested_by blob,
    kind         text    not null,
    status       text    not null check (status in ('active', 'archived')),
    content      text    not null check (json_valid(content)),
    created_at   integer not null,
    updated_at   integer not null check (updated_at >= created_at)
) strict;

create index insights_of_project on insights (project_id, created_at);
create index insights_of_org on insights (org_id, created_at);
create index insights_to_prune on insights (created_at);

create table digests (
    id           blob    not null unique check (length(id) = 16),
    org_id       blob    not null references orgs (id) on delete cascade,
    project_id   blob    not null references projects (id) on delete cascade,
    period       text    not null check (period in ('daily', 'weekly')),
    period_start integer not null,
    period_end   integer not null check (period_end > period_start),
    content      text    not null check (json_valid(content)),
    created_at   integer not null,
    -- A digest that was made twice is one.
    unique (project_id, period, period_end)
) strict;

create index digests_of_org on digests (org_id);
create index digests_to_prune on digests (created_at);
