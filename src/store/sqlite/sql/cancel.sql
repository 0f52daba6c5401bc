update jobs
set state = 'cancelled',
    error_code = 'cancelled',
    error_message = 'The job was cancelled.',
    phase = null,
    progress = null,
    run_at = null,
    lease_expires_at = null,
    updated_at = :now,
    finished_at = :now
where id = :id and finished_at is null
returning *;
