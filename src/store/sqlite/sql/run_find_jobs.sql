select * from jobs where run_id = :id;
