-- Remote workers: what one shows to say that a job is its own.

create table worker_leases (
    -- SHA-256 of the token; the token itself is with the worker alone.
    hash        blob    not null primary key check (length(hash) = 32),
    job_id      blob    not null references jobs (id) on delete cascade,
    lease_epoch integer not null
) strict, without rowid;

create index worker_leases_of_job on worker_leases (job_id);
