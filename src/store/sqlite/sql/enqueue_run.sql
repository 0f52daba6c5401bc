insert into runs (id, org_id, state, steps, metadata, retry_of, created_at, updated_at)
values (:id, :org_id, 'pending', :steps, :metadata, :retry_of, :now, :now);
