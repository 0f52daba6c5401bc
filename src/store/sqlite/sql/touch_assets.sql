update assets set last_used_at = :at where id = :asset and last_used_at < :at;
