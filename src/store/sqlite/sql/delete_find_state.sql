-- With the run that it is a step of, and whether that has ended.
select
    state, run_id, (select finished_at is not null from runs where runs.id = jobs.run_id), action
from jobs
where id = :id and org_id = :org_id and internal = 0;
