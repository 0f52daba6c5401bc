select id, org_id, digest, mime_type, bytes, width, height, token, job_id, created_at
from assets
where job_id = :id
order by id;
