-- The triggers keep `queues`.
insert into jobs (
    id, org_id, action, internal, state, priority, input, input_file, echo, max_attempts,
    attempt_timeout_ms, run_at, unique_key, retry_of, attempt, worker, lease_epoch,
    lease_expires_at, started_at, created_at, updated_at
)
values (
    :id, :org_id, :action, :internal, :state, :priority, :input, :input_file, :echo, :max_attempts,
    :attempt_timeout_ms, :run_at, :unique_key, :retry_of, :attempt, :worker, :attempt,
    :lease_expires_at, :started_at, :now, :now
);
