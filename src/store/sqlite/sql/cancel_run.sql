update runs
set state = 'cancelled', updated_at = :now, finished_at = :now
where id = :id and finished_at is null;
