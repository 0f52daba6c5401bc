select source, place_id, max(place_label) as place_label, min(stored_at) as since,
    max(stored_at) as last_at
from events
where org_id = :org_id and (:project_id is null or project_id = :project_id)
group by source, place_id
order by source, place_label
limit :limit
