-- The last line knows it. No row while nothing was said.
select seq, total_bytes from job_logs where job_id = :id order by seq desc limit 1;
