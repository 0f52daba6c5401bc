-- From the counters that triggers keep; finished jobs are not walked through. Ids grow with time,
-- so the job that waits longest has the least one: a look at the index for each priority.
with held as (
    select org_id, action, count(*) as processing
    from jobs
    where state = 'processing'
    group by org_id, action
)
select
    queues.org_id,
    orgs.name,
    queues.action,
    ready,
    unfinished,
    coalesce(processing, 0),
    case when ready > 0 then (
        select created_at from jobs where id = (
            select min(first) from (
                select (
                    select id from jobs
                    where jobs.org_id = queues.org_id and jobs.action = queues.action
                        and jobs.priority = priorities.value
                        and state = 'queued' and run_at is null
                    order by id
                    limit 1
                ) as first
                from json_each('[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]') as priorities
            )
        )
    ) end
from queues
join orgs on orgs.id = queues.org_id
left join held on held.org_id = queues.org_id and held.action = queues.action
where unfinished > 0
    -- An organization sees nothing of the server's own work.
    and (:org_id is null or (queues.org_id = :org_id and not queues.internal))
order by ready desc, unfinished desc
limit :limit;
