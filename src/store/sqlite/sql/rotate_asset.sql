update assets
set token = :token
where org_id = :org_id and id = :id
returning id, org_id, digest, mime_type, bytes, width, height, token, job_id, created_at;
