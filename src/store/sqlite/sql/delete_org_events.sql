delete from events where seq in (select seq from events where org_id = :org_id limit :limit)
