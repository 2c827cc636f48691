/** From where on the log is kept, and what the record says about it. */
export const LOG_RETENTION = `
  CREATE TABLE log_retention (
    id INTEGER PRIMARY KEY CHECK (id = 1), minimum_index INTEGER NOT NULL,
    planned_index INTEGER NOT NULL, planned_sequence INTEGER NOT NULL
  ) STRICT;
  INSERT INTO log_retention VALUES (1, 0, 0, 0);
`;
