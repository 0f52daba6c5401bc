-- Delayed jobs whose time has come; bounded, the rest is found by the next claim.
update jobs
set run_at = null
where seq in (
    select seq from jobs
    where state = 'queued' and run_at is not null and run_at <= :now
    order by run_at
    limit 200
);
