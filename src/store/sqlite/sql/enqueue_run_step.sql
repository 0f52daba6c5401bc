-- The triggers keep `queues`.
insert into jobs (
    id, org_id, action, internal, state, priority, input, input_file, echo, max_attempts,
    attempt_timeout_ms, retry_of, run_id, step_id, pending_dependencies, created_at, updated_at
) values (
    :id, :org_id, :action, :internal, :state, :priority, :input, :input_file, :echo, :max_attempts,
    :attempt_timeout_ms, :retry_of, :run_id, :step_id, :pending_dependencies, :now, :now
);
