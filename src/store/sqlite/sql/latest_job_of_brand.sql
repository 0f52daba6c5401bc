-- Null once the job was deleted or pruned.
select jobs.id
from brands
join jobs on jobs.id = brands.job_id
where brands.org_id = :org_id and brands.id = :id;
