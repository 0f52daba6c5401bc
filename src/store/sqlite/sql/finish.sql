-- `or fail` spares a copy of every page that the statement touches; its caller undoes the rest.
-- Changes nothing when the lease no longer holds: that is how the caller knows.
-- No `returning`: it costs a temporary table, and the caller has the job as it was claimed.
update or fail jobs
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
where id = :id and state = 'processing' and lease_epoch = :epoch;
