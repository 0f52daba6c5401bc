update api_keys
set revoked_at = :now
where id = :id and (:org_id is null or org_id = :org_id) and revoked_at is null;
