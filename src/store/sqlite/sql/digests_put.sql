-- Of a project that was deleted meanwhile there is nothing to keep.
insert into digests (
    id, org_id, project_id, period, period_start, period_end, content, created_at
)
select :id, :org_id, id, :period, :period_start, :period_end, :content, :created_at
from projects
where id = :project_id and org_id = :org_id
on conflict (project_id, period, period_end) do update set content = excluded.content
