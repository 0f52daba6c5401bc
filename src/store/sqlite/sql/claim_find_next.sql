-- Whose turn it is, and of that organization the first job by priority, then age.
-- Each (organization, action) pair has its own range in `jobs_to_claim`, so that a long queue
-- of an action that these workers cannot run is never walked through.
select jobs.id, jobs.org_id
from queues
join jobs on jobs.seq = (
    select seq from jobs
    where org_id = queues.org_id and action = queues.action
        and state = 'queued' and run_at is null
    order by priority, id
    limit 1
)
where queues.org_id = (
    select org_id from queues
    where ready > 0
        and action in (select value from json_each(:actions))
        and (:org_id is null or org_id = :org_id)
    order by virtual_time, org_id
    limit 1
)
    and queues.ready > 0
    and queues.action in (select value from json_each(:actions))
order by jobs.priority, jobs.id
limit 1;
