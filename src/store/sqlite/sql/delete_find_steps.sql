select steps from runs where id = :id;
