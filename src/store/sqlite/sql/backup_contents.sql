select digest from assets
union
select input_file from jobs where input_file is not null
union
select result_file from jobs where result_file is not null
union
select digest from worker_files;
