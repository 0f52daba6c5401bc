-- From the partial indexes and the counters: finished jobs are not walked through.
select action, 'queued', sum(waiting) from (
    select action, ready as waiting from queues
    union all
    select action, 1 from jobs where state = 'queued' and run_at is not null
)
group by action
union all
select action, 'processing', count(*) from jobs where state = 'processing' group by action
union all
select action, 'blocked', count(*) from jobs where state = 'blocked' group by action;
