select min(run_at) from jobs where state = 'queued' and run_at is not null;
