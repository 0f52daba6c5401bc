-- What stands open began before; everything else had its last moment after the window's start.
select body from (
    select seq, last_at, body from events
    where project_id = :project_id and org_id = :org_id
        and last_at >= :start and created_at <= :end
    union
    select seq, last_at, body from events
    where project_id = :project_id and org_id = :org_id
        and is_open = 1 and created_at <= :end
)
order by last_at desc, seq desc
