update assets set used_at = :at where id = :asset and used_at < :at;
