-- The name decides: an organization that has it already stays as it is.
insert into orgs (id, name, created_at) values (:id, :name, :now) on conflict (name) do nothing;
