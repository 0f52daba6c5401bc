-- A step whose input cannot be filled in never runs.
update jobs
set state = 'failed',
    error_code = :error_code,
    error_message = :error_message,
    updated_at = :now,
    finished_at = :now
where id = :id and state = 'blocked'
returning *;
