-- In portions, for the same reason as the jobs.
delete from assets
where id in (select id from assets where org_id = :org_id limit :limit);
