insert into job_logs (job_id, seq, attempt, at, level, message, total_bytes)
select :id, :seq, attempt, :at, :level, :message, :total_bytes
from jobs
where id = :id;
