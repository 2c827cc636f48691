/** What a session knows of a person, tokens for automation, and sign-ins that were finished. */
export const PEOPLE = `
  ALTER TABLE session ADD COLUMN name text;
  ALTER TABLE session ADD COLUMN signed_in_by text NOT NULL DEFAULT 'link';
  ALTER TABLE session ADD COLUMN issuer text;
  ALTER TABLE session ADD COLUMN group_names text NOT NULL DEFAULT '[]';
  ALTER TABLE session ADD COLUMN browser integer NOT NULL DEFAULT 0;
  ALTER TABLE session ADD COLUMN client text;
  ALTER TABLE session ADD COLUMN source_ip text;
  ALTER TABLE session ADD COLUMN last_used_at_ms bigint NOT NULL DEFAULT 0;
  CREATE INDEX session_of_person ON session (subject, created_at_ms);
  CREATE INDEX session_expiring ON session (expires_at_ms);

  CREATE TABLE api_token (
    id text COLLATE "C" PRIMARY KEY, token_hash text COLLATE "C" NOT NULL UNIQUE,
    subject text COLLATE "C" NOT NULL, name text, signed_in_by text NOT NULL, issuer text,
    group_names text NOT NULL, label text NOT NULL, actions text NOT NULL, repositories text,
    created_at_ms bigint NOT NULL, expires_at_ms bigint NOT NULL, last_used_at_ms bigint,
    revoked_at_ms bigint
  );
  CREATE INDEX api_token_of_person ON api_token (subject, id);

  CREATE TABLE sign_in (state_hash text COLLATE "C" PRIMARY KEY, finished_at_ms bigint NOT NULL);
`;
