select id, org_id, state, steps, metadata, retry_of, created_at, updated_at, finished_at
from runs
where id = :id and org_id = :org_id;
