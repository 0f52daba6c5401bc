-- In the schema's order of columns. Of the payloads only what a result names by its id: a list says
-- where the rest can be read. A parameter that is null does not filter.
select
    seq, id, org_id, action, internal, state, priority, null, null, '{}', phase, progress,
    case
        when result is not null
        then json_object('brand_id', result ->> 'brand_id', 'asset_id', result ->> 'asset_id')
    end,
    result_file, error_code, error_message, null, attempt, max_attempts, attempt_timeout_ms,
    run_at, unique_key, retry_of, run_id, step_id, pending_dependencies, worker, lease_epoch,
    lease_expires_at, created_at, updated_at, started_at, finished_at, null
from jobs
where org_id = :org_id and internal = 0
    and (:cursor is null or id < :cursor)
    and (:states is null or state in (select value from json_each(:states)))
    and (:actions is null or action in (select value from json_each(:actions)))
    and (:error_text is null or instr(lower(error_message), lower(:error_text)) > 0)
    and (:created_after is null or created_at >= :created_after)
    and (:created_before is null or created_at < :created_before)
order by id desc
limit :limit;
