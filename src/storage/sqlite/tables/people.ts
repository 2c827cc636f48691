/** What a session knows of a person, tokens for automation, and sign-ins that were finished. */
export const PEOPLE = `
  ALTER TABLE session ADD COLUMN name TEXT;
  ALTER TABLE session ADD COLUMN signed_in_by TEXT NOT NULL DEFAULT 'link';
  ALTER TABLE session ADD COLUMN issuer TEXT;
  ALTER TABLE session ADD COLUMN group_names TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE session ADD COLUMN browser INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE session ADD COLUMN client TEXT;
  ALTER TABLE session ADD COLUMN source_ip TEXT;
  ALTER TABLE session ADD COLUMN last_used_at_ms INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX session_of_person ON session (subject, created_at_ms);
  CREATE INDEX session_expiring ON session (expires_at_ms);

  CREATE TABLE api_token (
    id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, subject TEXT NOT NULL, name TEXT,
    signed_in_by TEXT NOT NULL, issuer TEXT, group_names TEXT NOT NULL, label TEXT NOT NULL,
    actions TEXT NOT NULL, repositories TEXT, created_at_ms INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL,
    last_used_at_ms INTEGER, revoked_at_ms INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX api_token_of_person ON api_token (subject, id);

  CREATE TABLE sign_in (state_hash TEXT PRIMARY KEY, finished_at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;
