insert into worker_leases (hash, job_id, lease_epoch) values (:hash, :job_id, :lease_epoch);
