-- A run is what its steps are. Gives nothing back for one that has ended.
update runs
set state = case
        when steps.unfinished > 0 then iif(steps.begun > 0, 'in_progress', 'pending')
        else iif(steps.completed = steps.number, 'completed', 'failed')
    end,
    updated_at = :now,
    finished_at = iif(steps.unfinished > 0, null, :now)
from (
    select
        count(*) as number,
        sum(finished_at is null) as unfinished,
        sum(started_at is not null or finished_at is not null) as begun,
        sum(state = 'completed') as completed
    from jobs
    where run_id = :id
) as steps
where runs.id = :id and runs.finished_at is null
returning state;
