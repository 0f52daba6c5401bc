-- By what events can be filtered, as one text: each combination is found by a step in the index,
-- however many events have it. The separator is in no name that people give.

alter table events add column facet text generated always as (
    source || char(31) || ifnull(place_id, '') || char(31) || event_type || char(31)
        || ifnull(priority, '')
) virtual;

create index events_by_facet on events (project_id, facet, stored_at);
