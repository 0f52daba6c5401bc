select mapped from job_dependencies where job_id = :id and mapped is not null;
