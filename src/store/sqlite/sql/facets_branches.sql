select distinct recent.source, recent.place_id, branch.value
from (
    select source, place_id, body from events
    where project_id = :project_id and org_id = :org_id
    order by last_at desc
    limit :recent
) as recent, json_each(recent.body, '$.branches') as branch
order by recent.source, branch.value
limit :limit
