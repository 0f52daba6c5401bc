-- All queues of an organization, whose turn it was.
select action from queues where org_id = :org_id;
