select 1 from jobs where id = :id and state = 'processing' and lease_epoch = :epoch
