select distinct org_id from webhooks;
