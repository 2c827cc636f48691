import type { BrokerStore } from '#broker/ports.ts';
import type { Clock } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { StoreError } from '#core/store-error.ts';
import { createActivityStore } from '../activity-store.ts';
import { checkStore } from '../check-store.ts';
import { createDecisionIndexStore } from '../decisions/decision-index-store.ts';
import { createConfigurationStore } from '../configuration-store.ts';
import { createEventStore, lastSequence } from '../event-store.ts';
import { eventToRow } from '../event-row.ts';
import { FailureLog } from '../failure-log.ts';
import { createFindingStore } from '../findings/finding-store.ts';
import { createFreezeStore } from '../freeze-store.ts';
import { GroupCommit } from '../group-commit.ts';
import { type IntentRow, intentToRow } from '../intent-row.ts';
import { changeToRow, statesToText } from '../lease-change.ts';
import { countLiveLeases, findDueLeases, findLease, listLeases } from '../lease-queries.ts';
import { createRetentionStore } from '../log-retention-store.ts';
import { createLogStore } from '../log-store.ts';
import { createWitnessStore } from '../witness-store.ts';
import { RecentEvents } from '../recent-events.ts';
import { createProposalStore } from '../proposal-store.ts';
import { createSealedSecretStore } from '../sealed-secret-store.ts';
import { createApiTokenStore } from '../api-token-store.ts';
import { createSessionStore } from '../session-store.ts';
import { createSigningKeyStore } from '../signing-key-store.ts';
import { createSinkStore } from '../sink-store.ts';
import { countCharacters, type SqlValue } from '../sql-value.ts';
import { toStoredText } from '../stored-text.ts';
import type { Storage } from '../storage.ts';
import {
  appendEvents,
  applyTransitions,
  commitIntents,
  eventRecords,
  type TransitionRow,
} from './batches.ts';
import { PostgresConnections } from './connections.ts';
import { EVENT_LOCK } from './functions.ts';
import { prepareDatabase } from './prepare-database.ts';
import { purge } from './purge.ts';
import { createInventoryStore } from '../inventory/inventory-store.ts';

export interface PostgresStorageOptions {
  /** `postgres://user:password@host/database`; TLS by its parameters (`sslmode`, `sslrootcert`). Never logged. */
  url: string | Secret;
  log: Logger;
  clock: Clock;
  /** Default 8. At most three of them write at a time, one for each kind of batch. */
  connectionsMax?: number;
  /** Called once for each durable transaction of the hot path, with the calls that share it: for metrics. */
  onCommit?: (calls: number) => void;
}

/**
 * The store that any number of servers share. Atomicity is the database's: unique keys decide between
 * servers, and each batch is one statement. A connection that is lost while a write is under way leaves
 * its outcome unknown, and the write is reported as failed: a lease that was made all the same is never
 * released, and ends with its time.
 *
 * @throws StoreError
 */
export async function openPostgresStorage(options: PostgresStorageOptions): Promise<Storage> {
  const { log, clock, connectionsMax = 8 } = options;
  const url = options.url instanceof Secret ? options.url.reveal() : options.url;
  const location = locationOf(url);
  const connections = new PostgresConnections({ url, location, connectionsMax, log });
  try {
    await prepareDatabase(connections, clock, log);
  } catch (error) {
    await connections.close();
    throw error;
  }
  return assemble(connections, new FailureLog(log), options);
}

function assemble(
  connections: PostgresConnections,
  failures: FailureLog,
  { clock, onCommit }: PostgresStorageOptions,
): Storage {
  const appends = new GroupCommit<SqlValue[][], true>({
    write: (batches) => failures.watch(() => appendEvents(connections, batches)),
  });
  const recent = new RecentEvents();
  const eventSteps = (rows: readonly SqlValue[][]) => [
    { sql: 'SELECT append_events_v1(?)', values: [eventRecords([{ events: recent.keep(rows) }])] },
  ];
  const broker = createBrokerStore(connections, failures, recent, onCommit);
  return {
    broker: broker.store,
    events: createEventStore({
      database: connections,
      recent,
      append: async (rows) => {
        await appends.submit(rows, countCharacters(rows.flat()));
      },
      settledSequence: (after) => settledSequence(connections, after),
    }),
    log: {
      ...createLogStore(connections),
      ...createRetentionStore({ database: connections, eventSteps }),
    },
    witness: createWitnessStore(connections),
    signingKeys: createSigningKeyStore(connections),
    sealedSecrets: createSealedSecretStore(connections),
    configurations: createConfigurationStore(connections),
    proposals: createProposalStore(connections),
    freezes: createFreezeStore(connections),
    sinks: createSinkStore(connections),
    activity: createActivityStore(connections),
    decisions: createDecisionIndexStore(connections),
    countLiveLeases: () => countLiveLeases(connections),
    sessions: createSessionStore(connections),
    apiTokens: createApiTokenStore(connections),
    inventory: createInventoryStore(connections),
    findings: createFindingStore({
      database: connections,
      eventSteps,
      nowMs: () => clock.nowMs(),
    }),
    check: () => failures.watch(() => checkStore(connections, clock)),
    close: async () => {
      await Promise.all([appends.close(), broker.close()]);
      await connections.close();
    },
  };
}

function createBrokerStore(
  connections: PostgresConnections,
  failures: FailureLog,
  recent: RecentEvents,
  onCommit: ((calls: number) => void) | undefined,
): { store: BrokerStore; close(): Promise<void> } {
  const commits = new GroupCommit({
    write: (intents: readonly IntentRow[]) => {
      onCommit?.(intents.length);
      return failures.watch(() => commitIntents(connections, intents));
    },
    exclusiveKeys: ({ tokenKey, proofKey, retryKey }) =>
      [tokenKey, proofKey, retryKey].filter((key) => key !== null),
  });
  const transitions = new GroupCommit({
    write: (rows: readonly TransitionRow[]) => failures.watch(() => applyTransitions(connections, rows)),
    exclusiveKeys: ({ id }) => [id],
  });
  const store: BrokerStore = {
    commit: async (intent) => {
      const row = intentToRow(intent, recent);
      return commits.submit(row, row.characters);
    },
    transition: async (leaseId, from, change, events) => {
      const row: TransitionRow = {
        id: toStoredText(leaseId),
        fromStates: statesToText(from),
        change: changeToRow(change),
        events: recent.keep(events.map(eventToRow)),
      };
      return transitions.submit(row, countCharacters([...row.change, ...row.events.flat()]));
    },
    lease: (id) => findLease(connections, id),
    leases: (filter) => listLeases(connections, filter),
    dueLeases: (nowMs, limit) => findDueLeases(connections, nowMs, limit),
    purge: (nowMs) => purge(connections, nowMs),
  };
  return {
    store,
    close: async () => {
      await Promise.all([commits.close(), transitions.close()]);
    },
  };
}

/**
 * Numbers are given before their transactions commit, so a higher one can be visible while a lower one is
 * still on its way. All that were given before this look hold the lock shared; getting it alone means that
 * each of them has committed or is gone.
 */
async function settledSequence(connections: PostgresConnections, after: number): Promise<number> {
  const last = await lastSequence(connections);
  if (last > after) await connections.query(`SELECT pg_advisory_xact_lock(${EVENT_LOCK})`, []);
  return last;
}

/** Host, port and database; what else a URL holds is not for a log. */
function locationOf(url: string): string {
  if (!URL.canParse(url)) {
    throw new StoreError('store_unavailable', 'The database is not given as a URL.', {
      remedy: 'Write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE.',
    });
  }
  const { host, pathname } = new URL(url);
  return `postgres://${host}${pathname}`;
}
