-- The server's own work is deleted with its organization, ended or not. It leaves its queue: a queue
-- that counts jobs which are gone would fail every claim that comes to its turn.

create trigger jobs_leave_queue_deleted after delete on jobs
when old.finished_at is null
begin
    update queues
    set ready = ready - (old.state = 'queued' and old.run_at is null),
        unfinished = unfinished - 1
    where org_id = old.org_id and action = old.action;
end;
