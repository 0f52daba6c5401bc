insert into webhooks (id, org_id, endpoint_url, events, is_active, secret, created_at, updated_at)
select :id, :org_id, :endpoint_url, :events, 1, :secret, :now, :now
where (select count(*) from webhooks where org_id = :org_id) < :limit;
