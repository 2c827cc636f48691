import type { Migration } from '../migrations.ts';
import { CONFIGURATION_CHANGES } from './tables/configuration-changes.ts';
import { DECISION_INDEX } from './tables/decision-index.ts';
import { APPEND_EVENTS, APPLY_TRANSITIONS, COMMIT_INTENTS } from './functions.ts';
import { FINDING_SEARCH } from './tables/finding-search.ts';
import { PEOPLE } from './tables/people.ts';
import { LOG_RETENTION } from './tables/log-retention.ts';
import { INVENTORY } from './tables/inventory.ts';

/**
 * Keys and ids compare byte by byte (`COLLATE "C"`), so that their order is the same on every server and
 * that of the other store. Functions carry a version in their name: during an upgrade old servers go on
 * calling the old ones.
 */
export const POSTGRES_MIGRATIONS: readonly Migration[] = [
  {
    name: 'first tables',
    sql: `
      CREATE TABLE claim (
        key text COLLATE "C" PRIMARY KEY, holder text, decision text NOT NULL, lease text NOT NULL,
        expires_at_ms bigint NOT NULL
      );
      CREATE INDEX claim_expiring ON claim (expires_at_ms);

      CREATE TABLE lease (
        id text COLLATE "C" PRIMARY KEY, decision text COLLATE "C" NOT NULL,
        state text NOT NULL CHECK (state IN
          ('pending', 'active', 'revoking', 'revoked', 'expired', 'failed', 'irrevocable')),
        resource text NOT NULL, credential_provider text NOT NULL, principal text NOT NULL,
        workload text NOT NULL, holder text, handle text NOT NULL, revocable integer NOT NULL,
        created_at_ms bigint NOT NULL, expires_at_ms bigint NOT NULL, expires_at_ms_max bigint NOT NULL,
        ended_at_ms bigint, due_at_ms bigint NOT NULL, attempts bigint NOT NULL, last_error text
      );
      CREATE INDEX lease_decision ON lease (decision);
      CREATE INDEX lease_due ON lease (due_at_ms, id)
        WHERE revocable = 1 AND state IN ('pending', 'active', 'revoking');
      CREATE INDEX lease_expiring ON lease (expires_at_ms)
        WHERE revocable = 0 AND state IN ('pending', 'active', 'revoking');

      CREATE TABLE event (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, type text NOT NULL,
        decision text COLLATE "C", resource text, lease text COLLATE "C", event text NOT NULL
      );
      CREATE INDEX event_decision ON event (decision) WHERE decision IS NOT NULL;
      CREATE INDEX event_lease ON event (lease) WHERE lease IS NOT NULL;

      CREATE TABLE signing_key (
        id text COLLATE "C" PRIMARY KEY, algorithm text NOT NULL, public_jwk text NOT NULL,
        sealed_private_key text NOT NULL, created_at_ms bigint NOT NULL, active_from_ms bigint NOT NULL,
        retired_at_ms bigint, UNIQUE (algorithm, active_from_ms)
      );
      CREATE TABLE sealed_secret (
        name text COLLATE "C" PRIMARY KEY, sealed_value text NOT NULL, updated_at_ms bigint NOT NULL,
        rotate_by_ms bigint
      );
      CREATE TABLE configuration (
        id text COLLATE "C" PRIMARY KEY, digest text NOT NULL, applied_at_ms bigint NOT NULL,
        files text NOT NULL
      );
      CREATE INDEX configuration_applied ON configuration (applied_at_ms, id);
      CREATE TABLE session (
        id text COLLATE "C" PRIMARY KEY, token_hash text COLLATE "C" NOT NULL UNIQUE, subject text NOT NULL,
        role text NOT NULL, created_at_ms bigint NOT NULL, expires_at_ms bigint NOT NULL,
        revoked_at_ms bigint
      );
      CREATE TABLE admin_link (
        token_hash text COLLATE "C" PRIMARY KEY, created_at_ms bigint NOT NULL,
        expires_at_ms bigint NOT NULL, used_at_ms bigint
      );
      CREATE TABLE meta (name text PRIMARY KEY, value text NOT NULL);
      INSERT INTO meta VALUES ('checked_at_ms', '0');
      ${COMMIT_INTENTS};
      ${APPLY_TRANSITIONS};
      ${APPEND_EVENTS};
    `,
  },
  {
    name: 'transparency log',
    sql: `
      CREATE TABLE log_head (
        id bigint PRIMARY KEY CHECK (id = 1), size bigint NOT NULL, last_sequence bigint NOT NULL,
        checkpoint text, signed_at_ms bigint NOT NULL, sealer text NOT NULL, sealer_until_ms bigint NOT NULL,
        erasures bigint NOT NULL
      );
      INSERT INTO log_head VALUES (1, 0, 0, NULL, 0, '', 0, 0);
      CREATE TABLE log_tile (
        level bigint NOT NULL, number bigint NOT NULL, hashes text NOT NULL, PRIMARY KEY (level, number)
      );
      CREATE TABLE log_bundle (
        number bigint PRIMARY KEY, first_sequence bigint NOT NULL UNIQUE, entries text NOT NULL,
        sequences text NOT NULL, salts text NOT NULL
      );
      CREATE TABLE log_witnessed (
        id bigint PRIMARY KEY CHECK (id = 1), size bigint NOT NULL, checkpoint text NOT NULL
      );
      CREATE TABLE witnessed_log (
        origin text PRIMARY KEY, size bigint NOT NULL, root text NOT NULL
      );
    `,
  },
  {
    name: 'findings',
    sql: `
      CREATE TABLE finding_repository (name text COLLATE "C" PRIMARY KEY, version bigint NOT NULL);
      CREATE TABLE finding_scope (
        repository text COLLATE "C" NOT NULL, tool text COLLATE "C" NOT NULL, target text COLLATE "C" NOT NULL,
        last_report_id text NOT NULL, last_report_ms bigint NOT NULL, commit_id text,
        PRIMARY KEY (repository, tool, target)
      );
      CREATE TABLE finding_report (
        id text COLLATE "C" PRIMARY KEY, repository text COLLATE "C" NOT NULL, report text NOT NULL
      );
      CREATE INDEX finding_report_repository ON finding_report (repository, id);
      CREATE TABLE finding (
        id text COLLATE "C" PRIMARY KEY, repository text COLLATE "C" NOT NULL, tool text COLLATE "C" NOT NULL,
        target text COLLATE "C" NOT NULL, present integer NOT NULL, state text NOT NULL,
        severity integer NOT NULL, kind text NOT NULL, rule text NOT NULL, file text,
        key text COLLATE "C" NOT NULL, first_seen_ms bigint NOT NULL, last_seen_ms bigint NOT NULL,
        fixed_at_ms bigint, clock_started_at_ms bigint NOT NULL, due_at_ms bigint, accepted_until_ms bigint,
        assignee text, owner text, report_id text NOT NULL, content text NOT NULL, triage text NOT NULL,
        anchor text NOT NULL, finding text NOT NULL
      );
      CREATE INDEX finding_of_scope ON finding (repository, tool, target, id);
      CREATE INDEX finding_of_repository ON finding (repository, severity, id);
      CREATE INDEX finding_by_severity ON finding (severity, id);
      CREATE INDEX finding_key ON finding (repository, key);
      CREATE INDEX finding_accepted ON finding (accepted_until_ms) WHERE accepted_until_ms IS NOT NULL;
      CREATE TABLE finding_history (
        finding_id text COLLATE "C" NOT NULL, change_id text COLLATE "C" NOT NULL, entry text NOT NULL,
        PRIMARY KEY (finding_id, change_id)
      );
      CREATE TABLE finding_change (
        change_id text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, staged_at_ms bigint NOT NULL,
        is_new integer NOT NULL, entry text, repository text NOT NULL, tool text NOT NULL,
        target text NOT NULL, present integer NOT NULL, state text NOT NULL, severity integer NOT NULL,
        kind text, rule text, file text, key text NOT NULL, first_seen_ms bigint NOT NULL,
        last_seen_ms bigint NOT NULL, fixed_at_ms bigint, clock_started_at_ms bigint NOT NULL,
        due_at_ms bigint, accepted_until_ms bigint, assignee text, owner text, report_id text NOT NULL,
        content text NOT NULL, triage text NOT NULL, anchor text NOT NULL, finding text,
        PRIMARY KEY (change_id, id)
      );
    `,
  },
  {
    name: 'sinks',
    sql: `
      CREATE TABLE sink (
        name text COLLATE "C" PRIMARY KEY, first_index bigint NOT NULL, next_index bigint NOT NULL,
        last_sequence bigint NOT NULL, holder text NOT NULL, held_until_ms bigint NOT NULL,
        health text NOT NULL, retry_asked_at_ms bigint NOT NULL
      );
      CREATE TABLE sink_parked (
        sink text COLLATE "C" NOT NULL, log_index bigint NOT NULL, sequence bigint NOT NULL,
        event_id text NOT NULL, code text NOT NULL, message text NOT NULL, parked_at_ms bigint NOT NULL,
        retry_asked integer NOT NULL, PRIMARY KEY (sink, log_index)
      );
    `,
  },
  {
    name: 'activity',
    sql: `
      CREATE TABLE activity (
        id text COLLATE "C" PRIMARY KEY, received_at_ms bigint NOT NULL, activity text NOT NULL
      );
      CREATE INDEX activity_received ON activity (received_at_ms);
      CREATE TABLE timeline_key (
        key text COLLATE "C" NOT NULL, time_ms bigint NOT NULL, entry text COLLATE "C" NOT NULL,
        PRIMARY KEY (key, time_ms, entry)
      );
      CREATE INDEX timeline_key_time ON timeline_key (time_ms);
      CREATE TABLE input_cursor (
        input text COLLATE "C" PRIMARY KEY, position text NOT NULL, read_at_ms bigint NOT NULL,
        server text NOT NULL, server_until_ms bigint NOT NULL
      );
    `,
  },
  { name: 'configuration changes', sql: CONFIGURATION_CHANGES },
  { name: 'finding search', sql: FINDING_SEARCH },
  { name: 'people', sql: PEOPLE },
  { name: 'decision index', sql: DECISION_INDEX },
  { name: 'inventory', sql: INVENTORY },
  { name: 'log retention', sql: LOG_RETENTION },
  { name: 'policy version', sql: 'ALTER TABLE configuration ADD COLUMN policy_version text;' },
];
