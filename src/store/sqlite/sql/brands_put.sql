-- A file that was deleted meanwhile, or is not the organization's, is left out: the rest of the
-- brand is worth keeping without it. An edit comes without a job and leaves the last one.
insert into brands (
    id, org_id, domain, name, folded_name, profile, evidence, logo_id, font_id, job_id,
    created_at, updated_at
) values (
    :id, :org_id, :domain, :name, :folded_name, :profile, :evidence,
    (select id from assets where id = :logo_id and org_id = :org_id),
    (select id from assets where id = :font_id and org_id = :org_id),
    :job_id, :created_at, :updated_at
)
on conflict (id) do update
set domain = excluded.domain,
    name = excluded.name,
    folded_name = excluded.folded_name,
    profile = excluded.profile,
    evidence = excluded.evidence,
    logo_id = excluded.logo_id,
    font_id = excluded.font_id,
    job_id = coalesce(excluded.job_id, job_id),
    updated_at = excluded.updated_at;
