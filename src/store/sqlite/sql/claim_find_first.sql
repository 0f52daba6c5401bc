select *
from jobs
where org_id = :org_id and action = :action and state = 'queued' and run_at is null
order by priority, id
limit 1;
