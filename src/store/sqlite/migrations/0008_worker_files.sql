-- Files that a remote worker brought for an attempt that goes on. They become the job's when the
-- attempt ends well; else they go. A second one of the same name takes the first one's place.

create table worker_files (
    job_id      blob    not null references jobs (id) on delete cascade,
    lease_epoch integer not null,
    name        text    not null check (name <> ''),
    digest      blob    not null check (length(digest) = 32),
    mime_type   text    not null,
    bytes       integer not null check (bytes >= 0),
    width       integer,
    height      integer,
    primary key (job_id, lease_epoch, name)
) strict, without rowid;

create index worker_files_by_digest on worker_files (digest);
