-- How much of an action, and of an organization's work, is being processed, and whose that is.
select
    (select count(*) from jobs where state = 'processing' and action = :action),
    (
        select count(*) from jobs
        where state = 'processing' and org_id = :org_id and internal = 0
    ),
    (select name from orgs where id = :org_id);
