-- Ids break a tie: they grow with time.
select id, name, created_at from orgs order by created_at, id;
