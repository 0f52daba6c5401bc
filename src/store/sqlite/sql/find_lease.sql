select job_id, lease_epoch from worker_leases where hash = :hash;
