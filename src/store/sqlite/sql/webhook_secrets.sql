-- One that was let go has nothing to open.
select id, secret from webhooks where length(secret) > 0;
