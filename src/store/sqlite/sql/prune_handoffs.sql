delete from handoffs
where id in (select id from handoffs where created_at < :before order by created_at limit :limit)
