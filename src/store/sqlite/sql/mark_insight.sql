update insights set status = :status, updated_at = max(:now, created_at)
where id = :id and org_id = :org_id
