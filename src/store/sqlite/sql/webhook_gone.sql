-- Of several deliveries that hear it, the first; and not if the webhook has another endpoint by now.
update webhooks
set is_active = 0, gone_at = :now, updated_at = :now
where id = :id and org_id = :org_id and endpoint_url = :endpoint_url and is_active = 1;
