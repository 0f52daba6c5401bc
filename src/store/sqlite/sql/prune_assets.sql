-- A file stays as long as a job has it or a brand shows it.
delete from assets
where id in (
    select id from assets
    where last_used_at < :before
        and not exists (select 1 from asset_uses where asset_id = assets.id)
        and not exists (select 1 from brands where logo_id = assets.id)
        and not exists (select 1 from brands where font_id = assets.id)
    order by last_used_at
    limit :limit
);
