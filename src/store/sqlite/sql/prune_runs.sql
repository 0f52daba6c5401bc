-- A run goes with its steps, whenever each of them ended.
delete from runs
where id in (
    select id from runs
    where finished_at is not null and finished_at < :before
    order by finished_at
    limit :limit
);
