-- Attempts and log lines go with their job.
delete from jobs
where seq in (
    select seq from jobs
    where finished_at is not null and finished_at < :before
    order by finished_at
    limit :limit
);
