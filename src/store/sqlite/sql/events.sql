select body from events
where org_id = :org_id
    and (:project_id is null or project_id = :project_id)
    and (:source is null or source = :source)
order by created_at desc, seq desc
limit :limit
