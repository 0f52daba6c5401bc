-- All queues of an organization move together: it has one turn, however many actions it uses.
update queues set virtual_time = virtual_time + 1 where org_id = :org_id;
