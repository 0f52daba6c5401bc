select * from digests
where project_id = :project_id and org_id = :org_id
order by period_end desc, id desc
limit :limit
