-- As `jobs.sql`, but a run's few steps are found by the run instead of among all jobs.
select
    seq, id, org_id, action, internal, state, priority, null, null, '{}', phase, progress,
    null, null, error_code, error_message, null, attempt, max_attempts, attempt_timeout_ms,
    run_at, unique_key, retry_of, run_id, step_id, pending_dependencies, worker, lease_epoch,
    lease_expires_at, created_at, updated_at, started_at, finished_at, null
from jobs
where run_id = :run_id and org_id = :org_id and internal = 0
    and (:cursor is null or id < :cursor)
    and (:states is null or state in (select value from json_each(:states)))
    and (:actions is null or action in (select value from json_each(:actions)))
    and (:error_text is null or instr(lower(error_message), lower(:error_text)) > 0)
    and (:created_after is null or created_at >= :created_after)
    and (:created_before is null or created_at < :created_before)
order by id desc
limit :limit;
