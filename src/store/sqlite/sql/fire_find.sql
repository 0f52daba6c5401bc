-- Only as it was read: who changed or fired it meanwhile has set another moment.
select exists (
    select 1 from schedules
    where id = :id and is_active and next_at = :next_at and updated_at = :updated_at
);
