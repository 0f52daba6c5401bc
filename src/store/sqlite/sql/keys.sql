-- Without an organization: the keys of all of them.
select id, org_id, name, scopes, hint, created_at, last_used_at, revoked_at
from api_keys
where :org_id is null or org_id = :org_id
order by created_at desc, id desc;
