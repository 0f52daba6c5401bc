-- To the minute: a key in constant use costs one changed row a minute, whoever calls how often.
update api_keys
set last_used_at = :at / 60000 * 60000
where id = :key and (last_used_at is null or last_used_at < :at / 60000 * 60000);
