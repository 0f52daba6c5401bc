insert into events (
    id, org_id, project_id, source, external_id, event_type, place_id, place_label, priority,
    is_open, created_at, last_at, body, stored_at
) values (
    :id, :org_id, :project_id, :source, :external_id, :event_type, :place_id, :place_label,
    :priority, :is_open, :created_at, :last_at, :body, :now
)
on conflict (id) do update
set event_type = excluded.event_type, place_id = excluded.place_id,
    place_label = excluded.place_label, priority = excluded.priority, is_open = excluded.is_open,
    created_at = excluded.created_at, last_at = excluded.last_at, body = excluded.body
