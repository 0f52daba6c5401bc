-- Of a project that was deleted meanwhile there is nothing to keep.
insert into handoffs (
    id, org_id, project_id, project_name, requested_by, status, content, created_at, updated_at
)
select :id, :org_id, id, :project_name, :requested_by, :status, :content, :created_at, :created_at
from projects
where id = :project_id and org_id = :org_id
