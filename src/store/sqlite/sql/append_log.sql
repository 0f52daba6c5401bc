-- A log has a last line: what a job says beyond it is not kept.
insert into job_logs (job_id, seq, attempt, at, level, message)
select :id, last.seq + 1, jobs.attempt, :at, :level, :message
from jobs, (select coalesce(max(seq), 0) as seq from job_logs where job_id = :id) as last
where jobs.id = :id and last.seq < :max_lines;
