-- The files of the step that is done again: kept as long as the new one, and gone with it.
update assets
set job_id = :job_id, last_used_at = max(last_used_at, :now)
where job_id = :retry_of and org_id = :org_id;
