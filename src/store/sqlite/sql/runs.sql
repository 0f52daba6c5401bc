-- Newest first. A parameter that is null does not filter.
select id, org_id, state, steps, metadata, retry_of, created_at, updated_at, finished_at
from runs
where org_id = :org_id
    and (:cursor is null or id < :cursor)
    and (:states is null or state in (select value from json_each(:states)))
    and (:created_after is null or created_at >= :created_after)
    and (:created_before is null or created_at < :created_before)
order by id desc
limit :limit;
