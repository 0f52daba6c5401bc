select job_id, takes from job_dependencies where depends_on = :id order by job_id;
