-- One millisecond back, so that a rescue at the same moment finds them.
update jobs set lease_expires_at = :now - 1 where state = 'processing' and worker = :worker;
