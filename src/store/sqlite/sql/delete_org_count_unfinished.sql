select coalesce(sum(unfinished), 0) from queues where org_id = :org_id and not internal;
