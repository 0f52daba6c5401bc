-- One row an update: several at once would go through a temporary table.
update queues set virtual_time = virtual_time + 1 where org_id = :org_id and action = :action;
