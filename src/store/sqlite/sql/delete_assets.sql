-- What a brand shows stays with the brand.
delete from assets
where job_id = :id and org_id = :org_id
    and not exists (select 1 from brands where logo_id = assets.id)
    and not exists (select 1 from brands where font_id = assets.id);
