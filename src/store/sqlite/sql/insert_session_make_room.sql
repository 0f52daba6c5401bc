-- All sessions of the key but the newest.
delete from sessions
where hash in (
    select hash from sessions
    where key_id = :key_id
    order by created_at desc
    limit -1 offset :kept
);
