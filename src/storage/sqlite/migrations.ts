import type { Migration } from '../migrations.ts';

/**
 * Text keys are the table itself (`WITHOUT ROWID`). Ids begin with their time, so leases and events only
 * grow at their end, and so does `claim`: its keys come in random order, and an index on them would cost more
 * than all the rest of an exchange's write, so it is kept in memory (see `Claims`). Each lease is in at most
 * one of the two partial indexes.
 */
export const SQLITE_MIGRATIONS: readonly Migration[] = [
  {
    name: 'first tables',
    sql: `
      CREATE TABLE claim (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL, holder TEXT, decision TEXT NOT NULL, lease TEXT NOT NULL,
        expires_at_ms INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE lease (
        id TEXT PRIMARY KEY, decision TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN
          ('pending', 'active', 'revoking', 'revoked', 'expired', 'failed', 'irrevocable')),
        resource TEXT NOT NULL, credential_provider TEXT NOT NULL, principal TEXT NOT NULL,
        workload TEXT NOT NULL, holder TEXT, handle TEXT NOT NULL, revocable INTEGER NOT NULL,
        created_at_ms INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL, expires_at_ms_max INTEGER NOT NULL,
        ended_at_ms INTEGER, due_at_ms INTEGER NOT NULL, attempts INTEGER NOT NULL, last_error TEXT
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX lease_decision ON lease (decision);
      CREATE INDEX lease_due ON lease (due_at_ms)
        WHERE revocable = 1 AND state IN ('pending', 'active', 'revoking');
      CREATE INDEX lease_expiring ON lease (expires_at_ms)
        WHERE revocable = 0 AND state IN ('pending', 'active', 'revoking');

      CREATE TABLE event (
        sequence INTEGER PRIMARY KEY, type TEXT NOT NULL, decision TEXT, resource TEXT, lease TEXT,
        event TEXT NOT NULL
      ) STRICT;
      CREATE INDEX event_decision ON event (decision) WHERE decision IS NOT NULL;
      CREATE INDEX event_lease ON event (lease) WHERE lease IS NOT NULL;

      CREATE TABLE signing_key (
        id TEXT PRIMARY KEY, algorithm TEXT NOT NULL, public_jwk TEXT NOT NULL,
        sealed_private_key TEXT NOT NULL, created_at_ms INTEGER NOT NULL, active_from_ms INTEGER NOT NULL,
        retired_at_ms INTEGER, UNIQUE (algorithm, active_from_ms)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE sealed_secret (
        name TEXT PRIMARY KEY, sealed_value TEXT NOT NULL, updated_at_ms INTEGER NOT NULL,
        rotate_by_ms INTEGER
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE configuration (
        id TEXT PRIMARY KEY, digest TEXT NOT NULL, applied_at_ms INTEGER NOT NULL, files TEXT NOT NULL
      ) STRICT;
      CREATE INDEX configuration_applied ON configuration (applied_at_ms, id);

      CREATE TABLE session (
        id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, subject TEXT NOT NULL, role TEXT NOT NULL,
        created_at_ms INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL, revoked_at_ms INTEGER
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE admin_link (
        token_hash TEXT PRIMARY KEY, created_at_ms INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL,
        used_at_ms INTEGER
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
      INSERT INTO meta VALUES ('store_id', lower(hex(randomblob(16)))), ('checked_at_ms', '0');
    `,
  },
];
