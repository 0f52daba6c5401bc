select id, name, created_at from orgs where name = :name;
