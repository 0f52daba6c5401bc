delete from schedules where id = :id and org_id = :org_id returning name;
