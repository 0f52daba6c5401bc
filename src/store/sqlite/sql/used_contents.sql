-- Each of these is answered from an index of its own.
select unhex(asked.value)
from json_each(:digests) as asked
where exists (select 1 from assets where digest = unhex(asked.value))
    or exists (select 1 from jobs where input_file = unhex(asked.value))
    or exists (select 1 from jobs where result_file = unhex(asked.value))
    or exists (select 1 from worker_files where digest = unhex(asked.value));
