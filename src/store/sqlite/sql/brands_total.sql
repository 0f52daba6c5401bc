select count(*) from brands
where org_id = :org and (:query is null or instr(folded_name, :query) > 0);
