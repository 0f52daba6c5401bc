select * from jobs where id = :id;
