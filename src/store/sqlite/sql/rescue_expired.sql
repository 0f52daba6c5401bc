select id, lease_epoch, attempt, max_attempts
from jobs
where state = 'processing' and lease_expires_at < :now
order by lease_expires_at
limit :limit;
