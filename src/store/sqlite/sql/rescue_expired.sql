select
    id,
    lease_epoch,
    attempt < max_attempts,
    -- A remote worker's lease ends with its attempt's time at the latest.
    worker <> :local and started_at + attempt_timeout_ms <= :now
from jobs
where state = 'processing' and lease_expires_at < :now
order by lease_expires_at
limit :limit;
