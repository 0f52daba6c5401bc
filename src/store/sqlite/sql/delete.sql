delete from jobs where id = :id and org_id = :org_id and finished_at is not null;
