-- A file that was deleted meanwhile, or is not the organization's, is left out: the rest of the
-- brand is worth keeping without it.
insert into brands (
  id, org_id, domain, name, folded_name, profile, evidence, logo_id, font_id, created_at, updated_at
)
values (
  :id, :org, :domain, :name, :folded_name, :profile, :evidence,
  (select id from assets where id = :logo and org_id = :org),
  (select id from assets where id = :font and org_id = :org),
  :created_at, :updated_at
)
on conflict (id) do update set
  domain = excluded.domain,
  name = excluded.name,
  folded_name = excluded.folded_name,
  profile = excluded.profile,
  evidence = excluded.evidence,
  logo_id = excluded.logo_id,
  font_id = excluded.font_id,
  updated_at = excluded.updated_at;
