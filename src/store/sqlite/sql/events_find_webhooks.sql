select id, events from webhooks where org_id = :org_id and is_active;
