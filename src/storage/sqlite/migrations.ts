import type { Migration } from '../migrations.ts';
import { CONFIGURATION_CHANGES } from './tables/configuration-changes.ts';
import { DECISION_INDEX } from './tables/decision-index.ts';
import { FINDING_SEARCH } from './tables/finding-search.ts';
import { PEOPLE } from './tables/people.ts';
import { LOG_RETENTION } from './tables/log-retention.ts';
import { INVENTORY } from './tables/inventory.ts';

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
  {
    name: 'transparency log',
    sql: `
      CREATE TABLE log_head (
        id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, last_sequence INTEGER NOT NULL,
        checkpoint TEXT, signed_at_ms INTEGER NOT NULL, sealer TEXT NOT NULL, sealer_until_ms INTEGER NOT NULL,
        erasures INTEGER NOT NULL
      ) STRICT;
      INSERT INTO log_head VALUES (1, 0, 0, NULL, 0, '', 0, 0);
      CREATE TABLE log_tile (
        level INTEGER NOT NULL, number INTEGER NOT NULL, hashes TEXT NOT NULL, PRIMARY KEY (level, number)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE log_bundle (
        number INTEGER PRIMARY KEY, first_sequence INTEGER NOT NULL UNIQUE, entries TEXT NOT NULL,
        sequences TEXT NOT NULL, salts TEXT NOT NULL
      ) STRICT;
      CREATE TABLE log_witnessed (
        id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, checkpoint TEXT NOT NULL
      ) STRICT;
      CREATE TABLE witnessed_log (
        origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    name: 'findings',
    sql: `
      CREATE TABLE finding_repository (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;

      CREATE TABLE finding_scope (
        repository TEXT NOT NULL, tool TEXT NOT NULL, target TEXT NOT NULL, last_report_id TEXT NOT NULL,
        last_report_ms INTEGER NOT NULL, commit_id TEXT, PRIMARY KEY (repository, tool, target)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE finding_report (id TEXT PRIMARY KEY, repository TEXT NOT NULL, report TEXT NOT NULL) STRICT;
      CREATE INDEX finding_report_repository ON finding_report (repository, id);

      CREATE TABLE finding (
        id TEXT PRIMARY KEY, repository TEXT NOT NULL, tool TEXT NOT NULL, target TEXT NOT NULL,
        present INTEGER NOT NULL, state TEXT NOT NULL, severity INTEGER NOT NULL, kind TEXT NOT NULL,
        rule TEXT NOT NULL, file TEXT, key TEXT NOT NULL, first_seen_ms INTEGER NOT NULL,
        last_seen_ms INTEGER NOT NULL, fixed_at_ms INTEGER, clock_started_at_ms INTEGER NOT NULL,
        due_at_ms INTEGER, accepted_until_ms INTEGER, assignee TEXT, owner TEXT, report_id TEXT NOT NULL,
        content TEXT NOT NULL, triage TEXT NOT NULL, anchor TEXT NOT NULL, finding TEXT NOT NULL
      ) STRICT;
      CREATE INDEX finding_of_scope ON finding (repository, tool, target, id);
      CREATE INDEX finding_of_repository ON finding (repository, severity, id);
      CREATE INDEX finding_by_severity ON finding (severity, id);
      CREATE INDEX finding_key ON finding (repository, key);
      CREATE INDEX finding_accepted ON finding (accepted_until_ms) WHERE accepted_until_ms IS NOT NULL;

      CREATE TABLE finding_history (
        finding_id TEXT NOT NULL, change_id TEXT NOT NULL, entry TEXT NOT NULL,
        PRIMARY KEY (finding_id, change_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE finding_change (
        change_id TEXT NOT NULL, id TEXT NOT NULL, staged_at_ms INTEGER NOT NULL, is_new INTEGER NOT NULL,
        entry TEXT, repository TEXT NOT NULL, tool TEXT NOT NULL, target TEXT NOT NULL,
        present INTEGER NOT NULL, state TEXT NOT NULL, severity INTEGER NOT NULL, kind TEXT, rule TEXT,
        file TEXT, key TEXT NOT NULL, first_seen_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL,
        fixed_at_ms INTEGER, clock_started_at_ms INTEGER NOT NULL, due_at_ms INTEGER,
        accepted_until_ms INTEGER, assignee TEXT, owner TEXT, report_id TEXT NOT NULL, content TEXT NOT NULL,
        triage TEXT NOT NULL, anchor TEXT NOT NULL, finding TEXT, PRIMARY KEY (change_id, id)
      ) STRICT;
    `,
  },
  {
    name: 'sinks',
    sql: `
      CREATE TABLE sink (
        name TEXT PRIMARY KEY, first_index INTEGER NOT NULL, next_index INTEGER NOT NULL,
        last_sequence INTEGER NOT NULL, holder TEXT NOT NULL, held_until_ms INTEGER NOT NULL,
        health TEXT NOT NULL, retry_asked_at_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE sink_parked (
        sink TEXT NOT NULL, log_index INTEGER NOT NULL, sequence INTEGER NOT NULL, event_id TEXT NOT NULL,
        code TEXT NOT NULL, message TEXT NOT NULL, parked_at_ms INTEGER NOT NULL, retry_asked INTEGER NOT NULL,
        PRIMARY KEY (sink, log_index)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    name: 'activity',
    sql: `
      CREATE TABLE activity (
        id TEXT PRIMARY KEY, received_at_ms INTEGER NOT NULL, activity TEXT NOT NULL
      ) STRICT;
      CREATE INDEX activity_received ON activity (received_at_ms);
      CREATE TABLE timeline_key (
        key TEXT NOT NULL, time_ms INTEGER NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (key, time_ms, entry)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX timeline_key_time ON timeline_key (time_ms);
      CREATE TABLE input_cursor (
        input TEXT PRIMARY KEY, position TEXT NOT NULL, read_at_ms INTEGER NOT NULL, server TEXT NOT NULL,
        server_until_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  { name: 'configuration changes', sql: CONFIGURATION_CHANGES },
  { name: 'finding search', sql: FINDING_SEARCH },
  { name: 'people', sql: PEOPLE },
  { name: 'decision index', sql: DECISION_INDEX },
  { name: 'inventory', sql: INVENTORY },
  { name: 'log retention', sql: LOG_RETENTION },
  { name: 'policy version', sql: 'ALTER TABLE configuration ADD COLUMN policy_version TEXT;' },
];
