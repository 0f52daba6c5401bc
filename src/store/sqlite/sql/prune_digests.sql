delete from digests
where id in (select id from digests where created_at < :before order by created_at limit :limit)
