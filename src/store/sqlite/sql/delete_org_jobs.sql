-- In portions, so that other organizations' writes get their turn between them.
delete from jobs
where id in (select id from jobs where org_id = :org limit :limit);
