update assets
set job_id = :job_id, last_used_at = max(last_used_at, :at)
where id = :id and org_id = :org_id;
