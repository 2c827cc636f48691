/** From where on the log is kept, and what the record says about it. */
export const LOG_RETENTION = `
  CREATE TABLE log_retention (
    id integer PRIMARY KEY CHECK (id = 1), minimum_index bigint NOT NULL,
    planned_index bigint NOT NULL, planned_sequence bigint NOT NULL
  );
  INSERT INTO log_retention VALUES (1, 0, 0, 0);
`;
