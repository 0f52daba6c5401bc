-- Workers that still run one of them hear so at their next renewal.
update jobs
set state = 'cancelled',
    error_code = 'cancelled',
    error_message = 'The run was cancelled.',
    phase = null,
    progress = null,
    run_at = null,
    lease_expires_at = null,
    updated_at = :now,
    finished_at = :now
where run_id = :id and finished_at is null
returning *;
