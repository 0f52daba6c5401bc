-- In portions, so that other organizations' writes get their turn between them.
delete from jobs
where seq in (select seq from jobs where org_id = :org_id limit :limit);
