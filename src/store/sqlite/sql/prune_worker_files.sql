delete from worker_files
where (job_id, lease_epoch, name) in (
    select job_id, lease_epoch, name from worker_files as file
    where not exists (
        select 1 from jobs
        where id = file.job_id and state = 'processing' and lease_epoch = file.lease_epoch
    )
    limit :limit
);
