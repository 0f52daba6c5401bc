insert into schedules (
    id, org_id, name, cron, time_zone, task, overlap, catch_up, is_active, next_at, created_at,
    updated_at
)
select
    :id, :org_id, :name, :cron, :time_zone, :task, :overlap, :catch_up, :is_active, :next_at, :now,
    :now
where (select count(*) from schedules where org_id = :org_id) < :limit;
