-- Whether what the last firing brought still goes on.
select exists (select 1 from jobs where id = :job and org_id = :org_id and finished_at is null)
    or exists (select 1 from runs where id = :run and org_id = :org_id and finished_at is null);
