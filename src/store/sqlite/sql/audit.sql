-- Newest first. A parameter that is null does not filter.
select
    id, at, actor, key_id, request_id, address, key_name, action, org_id, object_id, object_name,
    detail
from audit
where (:cursor is null or id < :cursor)
    and (:action is null or action = :action)
    and (:key_id is null or key_id = :key_id)
    and (:object_id is null or object_id = :object_id)
    and (:after is null or at >= :after)
    and (:before is null or at < :before)
order by id desc
limit :limit;
