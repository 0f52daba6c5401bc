-- What is being processed, for limits; read only where there is one.
select org_id, action, internal from jobs where state = 'processing';
