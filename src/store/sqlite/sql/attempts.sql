-- Those that did not end the job, then the one that did, from the job's own row.
select attempt, started_at, ended_at, outcome, error_code, error_message, worker, lease_epoch
from attempts
where job_id = :id
union all
select attempt, started_at, finished_at, state, error_code, error_message, worker, lease_epoch
from jobs
where id = :id and finished_at is not null and started_at is not null
    and not exists (
        select 1 from attempts
        where attempts.job_id = jobs.id and attempts.lease_epoch = jobs.lease_epoch
    )
order by lease_epoch;
