-- What a new job meets: how many of its organization's have not ended, whether that organization is
-- there, and whether anybody's job is due and waits.
select
    coalesce(sum(unfinished), 0),
    exists (select 1 from orgs where id = :org_id),
    exists (select 1 from queues where ready > 0)
from queues
where org_id = :org_id and not internal;
