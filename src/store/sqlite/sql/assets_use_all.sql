-- The files of the step that is done again: the new one keeps them too.
insert or ignore into asset_uses (job_id, asset_id)
select :job_id, assets.id
from asset_uses
join assets on assets.id = asset_uses.asset_id
where asset_uses.job_id = :retry_of and assets.org_id = :org_id;
