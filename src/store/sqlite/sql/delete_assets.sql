-- What another job has too, or a brand shows, stays.
delete from assets
where id in (select asset_id from asset_uses where job_id = :id)
    and org_id = :org_id
    and not exists (
        select 1 from asset_uses where asset_id = assets.id and job_id <> :id
    )
    and not exists (select 1 from brands where logo_id = assets.id)
    and not exists (select 1 from brands where font_id = assets.id);
