delete from events
where seq in (
    select seq from events where is_open = 0 and last_at < :before order by last_at limit :limit
)
