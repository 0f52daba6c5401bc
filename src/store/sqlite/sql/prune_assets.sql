-- A file stays as long as its job or a brand refers to it.
delete from assets
where id in (
    select id from assets
    where last_used_at < :before
        and not exists (select 1 from jobs where jobs.id = assets.job_id)
        and not exists (select 1 from brands where logo_id = assets.id)
        and not exists (select 1 from brands where font_id = assets.id)
    order by last_used_at
    limit :limit
);
