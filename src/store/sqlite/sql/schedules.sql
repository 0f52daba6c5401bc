select
    id, org_id, name, cron, time_zone, task, overlap, catch_up, is_active, next_at, last_at,
    last_job, last_run, skip_reason, skipped, created_at, updated_at
from schedules
where org_id = :org_id and (:id is null or id = :id)
order by id desc;
