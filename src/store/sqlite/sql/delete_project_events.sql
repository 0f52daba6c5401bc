delete from events where seq in (select seq from events where project_id = :id limit :limit)
