-- Null unless the job is queued and due; counted only as far as anybody cares.
select (
    select count(*) from (
        select 1 from jobs as ahead
        where ahead.org_id = job.org_id and ahead.action = job.action
            and ahead.state = 'queued' and ahead.run_at is null
            and (ahead.priority, ahead.id) <= (job.priority, job.id)
        limit :max
    )
)
from jobs as job
where id = :id and org_id = :org_id and state = 'queued' and run_at is null;
