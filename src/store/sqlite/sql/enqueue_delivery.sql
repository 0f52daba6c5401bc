-- Nothing for a webhook that was deleted meanwhile: its delivery will find that out.
insert into deliveries (job_id, webhook_id, event)
select :job_id, id, :event from webhooks where id = :webhook_id;
