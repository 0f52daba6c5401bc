select min(next_at) from schedules where is_active and next_at is not null;
