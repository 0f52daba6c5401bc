update jobs
set lease_expires_at = :lease_expires_at,
    phase = coalesce(:phase, phase),
    progress = coalesce(:progress, progress),
    updated_at = case when :phase is null and :progress is null then updated_at else :now end
where id = :id and state = 'processing' and lease_epoch = :epoch;
