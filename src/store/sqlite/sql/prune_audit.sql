delete from audit where id in (select id from audit where at < :before limit :limit);
