select distinct source, place_id, place_label, event_type, priority from events
where project_id = :project_id and org_id = :org_id
order by source, place_label, event_type, priority
limit :limit
