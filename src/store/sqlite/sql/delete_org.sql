-- Brands, idempotency keys and whatever else is left go with it, by their foreign keys.
delete from orgs where id = :org_id;
