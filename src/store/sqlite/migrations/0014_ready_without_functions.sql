-- As before, but the larger of two numbers is found without a function: a statement with triggers
-- and a call of a function in one of them, fired or not, keeps a copy of every page that it touches.
-- That is what each end of a job did.
drop trigger jobs_become_ready;

create trigger jobs_become_ready after update of state, run_at on jobs
when not (old.state = 'queued' and old.run_at is null)
    and new.state = 'queued' and new.run_at is null
begin
    update queues
    set virtual_time = case
            -- As when a job enters; its own is one of its organization's.
            when ready = 0
            then (
                select max(start) from (
                    select max(virtual_time) as start from queues where org_id = new.org_id
                    union all
                    select coalesce(
                        (select min(virtual_time) from queues where ready > 0),
                        (select max(virtual_time) from queues)
                    )
                )
            )
            else virtual_time
        end,
        ready = ready + 1
    where org_id = new.org_id and action = new.action;
end;
