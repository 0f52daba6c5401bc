-- A step whose work was done in an earlier run, with the times of that work.
insert into jobs (
    id, org_id, action, internal, state, priority, input, input_file, echo, result, result_file,
    diagnostics, attempt, max_attempts, attempt_timeout_ms, retry_of, run_id, step_id, worker,
    lease_epoch, created_at, updated_at, started_at, finished_at, mapped
)
select
    :id, org_id, action, internal, state, priority, input, input_file, echo, result, result_file,
    diagnostics, attempt, max_attempts, attempt_timeout_ms, id, :run_id, :step_id, worker,
    1, created_at, updated_at, started_at, finished_at, mapped
from jobs
where id = :reused;
