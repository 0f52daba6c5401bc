select count(*) from brands
where org_id = :org_id and (:query is null or instr(folded_name, :query) > 0);
