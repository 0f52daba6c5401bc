select id, org_id, digest, mime_type, bytes, width, height, token, job_id, created_at
from assets
where org_id = :org_id and id = :id;
