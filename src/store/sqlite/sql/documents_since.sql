select (select count(*) from handoffs where org_id = :org_id and created_at >= :since)
    + (select count(*) from insights where org_id = :org_id and created_at >= :since)
