update schedules
set next_at = :next_at,
    last_at = coalesce(:last_at, last_at),
    last_job = :last_job,
    last_run = :last_run,
    skip_reason = :skip_reason,
    skipped = skipped + :skipped
where id = :id;
