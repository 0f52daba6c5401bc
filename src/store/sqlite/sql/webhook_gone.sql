update webhooks
set is_active = 0, gone_at = :now, updated_at = :now
where id = :id and org_id = :org_id;
