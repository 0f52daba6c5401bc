-- What the attempt has brought beside the file of this name; no row when its lease is lost.
select
    (
        select count(*) from worker_files
        where job_id = :job_id and lease_epoch = :epoch and name <> :name
    ),
    (
        select coalesce(sum(bytes), 0) from worker_files
        where job_id = :job_id and lease_epoch = :epoch and name <> :name
    )
from jobs
where id = :job_id and state = 'processing' and lease_epoch = :epoch;
