-- A log has a last line: what a job says beyond it is not kept. `max` stands alone in its query,
-- because only then it is answered from the key's end instead of by walking through the log.
insert into job_logs (job_id, seq, attempt, at, level, message)
select :id, last.seq + 1, jobs.attempt, :at, :level, :message
from jobs, (
    select coalesce((select max(seq) from job_logs where job_id = :id), 0) as seq
) as last
where jobs.id = :id and last.seq < :max_lines;
