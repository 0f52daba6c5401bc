-- One step in the index for each combination: from the last one to the next.
with recursive found (facet) as (
    select (select min(facet) from events where project_id = projects.id)
    from projects
    where id = :project_id and org_id = :org_id
    union all
    select (
        select min(events.facet) from events
        where project_id = :project_id and events.facet > found.facet
    )
    from found
    where facet is not null
    limit :limit
)
select source, place_id, place_label, event_type, priority
from found
join events on seq = (
    select seq from events
    where project_id = :project_id and events.facet = found.facet
    order by stored_at desc
    limit 1
)
order by source, place_label, event_type, priority
