select attempt, started_at, ended_at, outcome, error_code, error_message, worker
from attempts
where job_id = :id
order by lease_epoch;
