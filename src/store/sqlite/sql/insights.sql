select * from insights
where org_id = :org_id
    and (:project_id is null or project_id = :project_id)
    and (:kind is null or kind = :kind)
    and (:status is null or status = :status)
order by created_at desc, id desc
limit :limit
