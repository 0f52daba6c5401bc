-- Brands that show the file do without it from now on, by their foreign keys.
delete from assets
where org_id = :org_id and id = :id
returning id, org_id, digest, mime_type, bytes, width, height, null as token, job_id, created_at;
