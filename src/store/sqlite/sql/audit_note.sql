insert into audit (
    id, at, actor, key_id, key_name, action, org_id, object_id, object_name, detail, request_id,
    address
)
values (
    :id, :now, :actor, :key_id, (select name from api_keys where id = :key_id), :action, :org_id,
    :object_id, :object_name, :detail, :request_id, :address
);
