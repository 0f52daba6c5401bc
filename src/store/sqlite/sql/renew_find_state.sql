select state from jobs where id = :id and lease_epoch = :epoch;
