select
    id, org_id, digest, mime_type, bytes, width, height, token, assets.job_id as job_id, created_at
from asset_uses
join assets on assets.id = asset_uses.asset_id
where asset_uses.job_id = :id
order by id;
