-- The run still tells how a step ended whose job is gone.
update runs set steps = :steps where id = :id;
