select
    id, org_id, action, worker, started_at, attempt, max_attempts, phase, progress, run_id, step_id
from jobs
where state = 'processing' and internal = 0 and (:org_id is null or org_id = :org_id)
order by started_at
limit :limit;
