-- Gives nothing back when the lease no longer holds: that is how the caller knows.
update jobs
set state = :state,
    result = :result,
    result_file = :result_file,
    error_code = :error_code,
    error_message = :error_message,
    diagnostics = :diagnostics,
    attempt = attempt - :uncounted,
    run_at = :run_at,
    phase = null,
    progress = null,
    lease_expires_at = null,
    updated_at = :now,
    finished_at = :finished_at
where id = :id and state = 'processing' and lease_epoch = :epoch
returning *;
