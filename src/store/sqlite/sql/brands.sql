-- `folded_name` is the name in lower case by Unicode's rules; SQLite's `lower` knows ASCII only.
select id, org_id, domain, name, profile, evidence, logo_id, font_id, created_at, updated_at
from brands
where org_id = :org_id and (:query is null or instr(folded_name, :query) > 0)
order by created_at desc, id desc
limit :limit offset :offset;
