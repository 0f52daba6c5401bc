-- An attempt that does not end its job.
insert into attempts (
    job_id, lease_epoch, attempt, started_at, ended_at, outcome, error_code, error_message, worker
)
select id, lease_epoch, attempt, started_at, :now, :outcome, :error_code, :error_message, worker
from jobs
where id = :id and state = 'processing' and lease_epoch = :epoch;
