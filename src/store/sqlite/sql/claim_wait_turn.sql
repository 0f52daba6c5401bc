-- Its virtual time goes with the others', as if it came back from a pause when it can be served.
update queues set virtual_time = :virtual_time
where org_id = :org_id and virtual_time < :virtual_time;
