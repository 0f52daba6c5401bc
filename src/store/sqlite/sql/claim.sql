-- `or fail` spares a copy of every page that the statement touches; its caller undoes the rest.
update or fail jobs
set state = 'processing',
    attempt = attempt + 1,
    worker = :worker,
    lease_epoch = lease_epoch + 1,
    lease_expires_at = :lease_expires_at,
    phase = null,
    progress = null,
    started_at = :now,
    updated_at = :now
where id = :id and state = 'queued';
