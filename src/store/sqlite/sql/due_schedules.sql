select
    id, org_id, name, cron, time_zone, task, overlap, catch_up, is_active, next_at, last_at,
    last_job, last_run, skip_reason, skipped, created_at, updated_at
from schedules
where is_active and next_at is not null and next_at <= :now
order by next_at
limit :limit;
