/** Few rows: people make them. Those in force of `access_freeze` are read once a second by every server. */
export const CONFIGURATION_CHANGES = `
  CREATE TABLE proposal (
    id TEXT PRIMARY KEY, state TEXT NOT NULL, author TEXT NOT NULL, created_at_ms INTEGER NOT NULL,
    summary TEXT NOT NULL, decided_by TEXT, decided_at_ms INTEGER, comment TEXT, applied_at_ms INTEGER,
    files TEXT NOT NULL
  ) STRICT;
  CREATE INDEX proposal_state ON proposal (state, id);

  CREATE TABLE access_freeze (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, reason TEXT NOT NULL, frozen_by TEXT NOT NULL,
    frozen_at_ms INTEGER NOT NULL, until_ms INTEGER, lifted_by TEXT, lifted_at_ms INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX access_freeze_standing ON access_freeze (id) WHERE lifted_at_ms IS NULL;
`;
