update job_dependencies set mapped = :mapped where job_id = :job_id and depends_on = :depends_on;
