delete from insights
where id in (select id from insights where created_at < :before order by created_at limit :limit)
