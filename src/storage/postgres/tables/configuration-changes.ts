/** Few rows: people make them. Those in force of `access_freeze` are read once a second by every server. */
export const CONFIGURATION_CHANGES = `
  CREATE TABLE proposal (
    id text COLLATE "C" PRIMARY KEY, state text NOT NULL, author text NOT NULL, created_at_ms bigint NOT NULL,
    summary text NOT NULL, decided_by text, decided_at_ms bigint, comment text, applied_at_ms bigint,
    files text NOT NULL
  );
  CREATE INDEX proposal_state ON proposal (state, id);

  CREATE TABLE access_freeze (
    id text COLLATE "C" PRIMARY KEY, kind text NOT NULL, name text NOT NULL, reason text NOT NULL,
    frozen_by text NOT NULL, frozen_at_ms bigint NOT NULL, until_ms bigint, lifted_by text,
    lifted_at_ms bigint
  );
  CREATE INDEX access_freeze_standing ON access_freeze (id) WHERE lifted_at_ms IS NULL;
`;
