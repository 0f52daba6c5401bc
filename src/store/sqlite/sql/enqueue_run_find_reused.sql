select exists (
    select 1 from jobs where id = :id and org_id = :org_id and state = 'completed'
);
