select coalesce(sum(unfinished), 0), exists (select 1 from orgs where id = :org_id)
from queues
where org_id = :org_id and not internal;
