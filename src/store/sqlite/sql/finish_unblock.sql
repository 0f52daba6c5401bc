-- Gives nothing back for a step that has ended meanwhile.
update jobs
set pending_dependencies = pending_dependencies - 1
where id = :id and state = 'blocked'
returning pending_dependencies;
