-- Only as it was read: a firing meanwhile has set another moment, which must not be set back.
update schedules
set name = :name, cron = :cron, time_zone = :time_zone, task = :task, overlap = :overlap,
    catch_up = :catch_up, is_active = :is_active, next_at = :next_at, updated_at = :updated_at
where id = :id and org_id = :org_id
    and next_at is :was_next_at and updated_at = :was_updated_at;
