delete from schedules where org_id = :org_id;
