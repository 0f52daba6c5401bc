-- How many bytes a job's log has with this line, so that its last line is enough to know its size.
-- Lines of before count nothing.

alter table job_logs add column total_bytes integer not null default 0;
