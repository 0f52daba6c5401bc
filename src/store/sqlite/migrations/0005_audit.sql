-- The audit log: what was done to the server, by whom. Entries outlive what they are about, so
-- nothing here refers to another table.

create table audit (
    id          blob    not null primary key check (length(id) = 16),
    at          integer not null,
    actor       text    not null check (actor in ('key', 'local', 'server')),
    key_id      blob             check (length(key_id) = 16),
    -- Names as they were then.
    key_name    text,
    action      text    not null check (action like '_%._%'),
    org_id      blob             check (length(org_id) = 16),
    object_id   text    not null,
    object_name text,
    detail      text,
    request_id  blob             check (length(request_id) = 16),
    address     text,
    check ((actor = 'key') = (key_id is not null))
) strict, without rowid;

-- Filters walk the log from its end: it is read by people, seldom, and each index would be paid for
-- by every change.
create index audit_to_prune on audit (at);

create trigger audit_is_written_once before update on audit
begin
    select raise(abort, 'an entry of the audit log is never changed');
end;
