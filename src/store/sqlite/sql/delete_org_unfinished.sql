select count(*) from jobs
where org_id = :org and state in ('blocked', 'queued', 'processing');
