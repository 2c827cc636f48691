import type { Migration } from '../migrations.ts';
import { APPEND_EVENTS, APPLY_TRANSITIONS, COMMIT_INTENTS } from './functions.ts';

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
];
