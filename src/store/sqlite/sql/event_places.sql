-- As in `facets`, for each of the projects.
with recursive found (project_id, facet) as (
    select id, (select min(facet) from events where project_id = projects.id)
    from projects
    where org_id = :org_id and (:project_id is null or id = :project_id)
    union all
    select project_id, (
        select min(events.facet) from events
        where events.project_id = found.project_id and events.facet > found.facet
    )
    from found
    where facet is not null
    limit :steps
)
select source, place_id, max(place_label) as place_label, min(since) as since,
    max(last_at) as last_at
from (
    select source, place_id, place_label, stored_at as last_at, (
        select min(stored_at) from events
        where events.project_id = found.project_id and events.facet = found.facet
    ) as since
    from found
    join events on seq = (
        select seq from events
        where events.project_id = found.project_id and events.facet = found.facet
        order by stored_at desc
        limit 1
    )
)
group by source, place_id
order by source, place_label
limit :limit
