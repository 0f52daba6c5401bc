-- The same id again is the same file, told twice by a repeated attempt.
insert into assets (
    id, org_id, job_id, digest, mime_type, bytes, width, height, token, created_at, last_used_at
) values (
    :id, :org_id, :job_id, :digest, :mime_type, :bytes, :width, :height, :token, :now, :now
)
on conflict (id) do nothing;
