-- Attempts and log lines go with their job. A run's steps stay as long as the run.
delete from jobs
where seq in (
    select seq from jobs
    where finished_at is not null and finished_at < :before and run_id is null
    order by finished_at
    limit :limit
);
