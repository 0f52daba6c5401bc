select id, secret from webhooks;
