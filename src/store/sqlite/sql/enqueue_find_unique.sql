select id
from jobs
where org_id = :org_id and action = :action and unique_key = :unique_key
    and finished_at is null;
