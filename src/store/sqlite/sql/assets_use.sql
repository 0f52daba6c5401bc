-- Another organization's file is not used, whatever a job names.
insert or ignore into asset_uses (job_id, asset_id)
select :job_id, id from assets where id = :id and org_id = :org_id;
