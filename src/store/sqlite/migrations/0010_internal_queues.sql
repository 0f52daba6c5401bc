-- Which queues hold the server's own work: it fills no organization's queue, and holds none back
-- that is to be deleted. What an action is it is for all its jobs.

alter table queues add column internal integer not null default 0 check (internal in (0, 1));

update queues set internal = 1
where exists (
    select 1 from jobs
    where jobs.org_id = queues.org_id and jobs.action = queues.action and jobs.internal = 1
);

-- As before, and a queue that begins says whose it is.
drop trigger jobs_enter_queue;

create trigger jobs_enter_queue after insert on jobs
when not (new.state = 'queued' and new.run_at is null)
begin
    insert into queues (org_id, action, unfinished, internal)
    values (new.org_id, new.action, new.finished_at is null, new.internal)
    on conflict do update set unfinished = queues.unfinished + excluded.unfinished;
end;

drop trigger jobs_enter_queue_ready;

create trigger jobs_enter_queue_ready after insert on jobs
when new.state = 'queued' and new.run_at is null
begin
    insert into queues (org_id, action, ready, unfinished, virtual_time, internal)
    values (
        new.org_id,
        new.action,
        1,
        1,
        max(
            coalesce((select max(virtual_time) from queues where org_id = new.org_id), 0),
            coalesce(
                (select min(virtual_time) from queues where ready > 0),
                (select max(virtual_time) from queues),
                0
            )
        ),
        new.internal
    )
    on conflict do update
    set virtual_time = case
            when queues.ready = 0 then max(queues.virtual_time, excluded.virtual_time)
            else queues.virtual_time
        end,
        ready = queues.ready + 1,
        unfinished = queues.unfinished + 1;
end;
