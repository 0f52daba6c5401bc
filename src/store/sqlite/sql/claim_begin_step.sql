update runs set state = 'in_progress', updated_at = :now where id = :id and finished_at is null;
