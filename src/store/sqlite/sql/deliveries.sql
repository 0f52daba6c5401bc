select jobs.*, deliveries.event
from deliveries
join jobs on jobs.id = deliveries.job_id
where deliveries.webhook_id = :webhook_id
    and jobs.org_id = :org_id
    and (:cursor is null or deliveries.job_id < :cursor)
    and (:id is null or deliveries.job_id = :id)
order by deliveries.job_id desc
limit :limit;
