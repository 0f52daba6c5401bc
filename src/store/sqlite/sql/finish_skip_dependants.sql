-- All that wait for a step that did not complete, directly or through others.
with recursive dependants (id) as (
    select job_id from job_dependencies where depends_on = :id
    union
    select job_dependencies.job_id
    from dependants
    join job_dependencies on job_dependencies.depends_on = dependants.id
)
update jobs
set state = 'cancelled',
    error_code = :error_code,
    error_message = :error_message,
    updated_at = :now,
    finished_at = :now
where id in (select id from dependants) and state = 'blocked'
returning *;
