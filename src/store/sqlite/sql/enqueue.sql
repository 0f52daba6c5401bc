-- The triggers keep `queues`. Inserts nothing when the organization's queue is full.
insert into jobs (
    id, org_id, action, internal, state, priority, input, input_file, echo, max_attempts,
    attempt_timeout_ms, run_at, unique_key, retry_of, attempt, worker, lease_epoch,
    lease_expires_at, started_at, created_at, updated_at
)
select
    :id, :org_id, :action, :internal, :state, :priority, :input, :input_file, :echo, :max_attempts,
    :attempt_timeout_ms, :run_at, :unique_key, :retry_of, :attempt, :worker, :attempt,
    :lease_expires_at, :started_at, :now, :now
where :internal
    or (select coalesce(sum(unfinished), 0) from queues where org_id = :org_id) < :queue_limit;
