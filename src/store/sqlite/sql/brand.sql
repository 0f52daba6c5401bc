select id, org_id, domain, name, profile, evidence, logo_id, font_id, created_at, updated_at
from brands
where org_id = :org_id and id = :id;
