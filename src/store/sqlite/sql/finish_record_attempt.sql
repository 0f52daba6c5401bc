-- Writes nothing when the lease no longer holds: that is how the caller knows.
insert into attempts (
    job_id, lease_epoch, attempt, started_at, ended_at, outcome, error_code, error_message, worker
)
select id, lease_epoch, attempt, started_at, :now, :outcome, :error_code, :error_message, worker
from jobs
where id = :id and state = 'processing' and lease_epoch = :epoch;
