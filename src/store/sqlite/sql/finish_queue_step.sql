update jobs
set state = 'queued', mapped = :mapped, updated_at = :now
where id = :id and state = 'blocked';
