-- A job has one holder: what an earlier one shows means nothing any more.
delete from worker_leases where job_id = :job_id;
