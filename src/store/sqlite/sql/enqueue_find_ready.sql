-- Whether any job is due: then a new one has to wait for its turn.
select exists (select 1 from queues where ready > 0);
