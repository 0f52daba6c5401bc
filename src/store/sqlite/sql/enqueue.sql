-- The triggers keep `queues`.
insert into jobs (
    id, org_id, action, internal, state, priority, input, input_file, echo,
    max_attempts, attempt_timeout_ms, run_at, unique_key, retry_of, created_at, updated_at
) values (
    :id, :org_id, :action, :internal, 'queued', :priority, :input, :input_file, :echo,
    :max_attempts, :attempt_timeout_ms, :run_at, :unique_key, :retry_of, :now, :now
);
