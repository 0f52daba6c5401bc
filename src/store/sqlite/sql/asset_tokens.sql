-- Few ids, each by the primary key.
select assets.id, assets.token
from json_each(:ids) as asked
join assets on assets.id = unhex(asked.value, '-')
where assets.org_id = :org_id and assets.token is not null;
