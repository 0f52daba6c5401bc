select * from projects
where :org_id is null or org_id = :org_id
order by id
limit :limit
