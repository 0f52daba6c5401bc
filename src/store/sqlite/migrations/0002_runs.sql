-- Runs: steps that wait for each other, accepted in one request. Each step is a job.

-- What earlier steps passed into the job's input: a JSON object; null when there is nothing.
alter table jobs add column mapped text;

create index jobs_of_run on jobs (run_id) where run_id is not null;
create index jobs_that_wait on jobs (action) where state = 'blocked';

create table runs (
    id          blob    not null primary key check (length(id) = 16),
    org_id      blob    not null references orgs (id) on delete cascade,
    state       text    not null check (
        state in ('pending', 'in_progress', 'completed', 'failed', 'cancelled')
    ),
    -- What does not change of the steps, in the client's order.
    steps       text    not null check (json_valid(steps)),
    metadata    text             check (json_valid(metadata)),
    -- No foreign key: a run outlives the one that it does again.
    retry_of    blob,
    created_at  integer not null,
    updated_at  integer not null,
    finished_at integer,
    check ((state in ('completed', 'failed', 'cancelled')) = (finished_at is not null))
) strict;

create index runs_for_listing on runs (org_id, id);
create index runs_to_prune on runs (finished_at) where finished_at is not null;

create trigger runs_take_their_jobs_along after delete on runs begin
    delete from jobs where run_id = old.id;
end;

-- Who waits for whom, and what passes between them. A step also depends here on one that it only
-- takes something from; that one ends before it in any case.
create table job_dependencies (
    job_id     blob not null references jobs (id) on delete cascade,
    depends_on blob not null references jobs (id) on delete cascade,
    -- Which fields of the input come from where in the result: {"field": "path"}.
    takes      text not null check (json_valid(takes)),
    -- Those fields with their values, from the moment of the other's end.
    mapped     text          check (json_valid(mapped)),
    primary key (job_id, depends_on),
    check (job_id <> depends_on)
) strict, without rowid;

create index dependants_of_job on job_dependencies (depends_on);
