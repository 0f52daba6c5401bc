-- Who has due jobs, by turns. Read only as far as the first organization that can be served.
select org_id, action, virtual_time
from queues
where ready > 0 and (:org_id is null or org_id = :org_id)
order by virtual_time, org_id;
