update orgs set name = :new_name where name = :name returning id, name, created_at;
