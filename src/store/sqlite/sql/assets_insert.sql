-- The same id again is the same file, from another job or told twice by a repeated attempt: it keeps
-- its row and its token. An upload's size is known only to the job that opens it.
insert into assets (
    id, org_id, job_id, digest, mime_type, bytes, width, height, token, created_at, last_used_at
) values (
    :id, :org_id, :job_id, :digest, :mime_type, :bytes, :width, :height, :token, :now, :now
)
on conflict (id) do update set
    width = coalesce(width, excluded.width),
    height = coalesce(height, excluded.height),
    last_used_at = max(last_used_at, excluded.last_used_at);
