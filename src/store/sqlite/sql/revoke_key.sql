-- The first revocation's moment stands.
update api_keys
set revoked_at = coalesce(revoked_at, :now)
where id = :id and (:org_id is null or org_id = :org_id)
returning id, org_id, name, scopes, hint, created_at, last_used_at, revoked_at;
