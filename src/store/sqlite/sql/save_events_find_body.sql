select body from events where id = :id
