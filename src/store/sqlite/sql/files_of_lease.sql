select name, digest, mime_type, bytes, width, height
from worker_files
where job_id = :job_id and lease_epoch = :epoch
order by name;
