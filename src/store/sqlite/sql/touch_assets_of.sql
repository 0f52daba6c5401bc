update assets
set last_used_at = max(last_used_at, :at)
where id in (select asset_id from asset_uses where job_id = :job_id);
