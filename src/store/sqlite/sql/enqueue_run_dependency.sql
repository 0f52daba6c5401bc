insert into job_dependencies (job_id, depends_on, takes) values (:job_id, :depends_on, :takes);
