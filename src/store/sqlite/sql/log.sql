select seq, attempt, at, level, message
from job_logs
where job_id = :id and seq > :after
order by seq
limit :limit;
