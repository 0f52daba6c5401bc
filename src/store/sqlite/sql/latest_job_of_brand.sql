-- Ids grow with time, so the greatest is the newest.
select id from jobs
where org_id = :org and brand_id = :id
order by id desc
limit 1;
