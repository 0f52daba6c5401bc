select id, json_extract(body, '$.branches'), json_extract(body, '$.facts.tags')
from events
where project_id = :project_id and source = :source and event_type = 'commit'
    and last_at between :start and :end
    and json_extract(body, '$.facts.kind') = 'commit'
