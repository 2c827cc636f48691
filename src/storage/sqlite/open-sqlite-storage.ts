import type { BrokerStore } from '#broker/ports.ts';
import type { Clock } from '#core/clock.ts';
import { messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import { createActivityStore } from '../activity-store.ts';
import { checkStore } from '../check-store.ts';
import { createDecisionIndexStore } from '../decisions/decision-index-store.ts';
import { createConfigurationStore } from '../configuration-store.ts';
import { createEventStore } from '../event-store.ts';
import { FailureLog } from '../failure-log.ts';
import { createFindingStore } from '../findings/finding-store.ts';
import { createFreezeStore } from '../freeze-store.ts';
import { GroupCommit } from '../group-commit.ts';
import { intentToRow } from '../intent-row.ts';
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
import type { SqlDatabase, SqlStep } from '../sql-database.ts';
import type { SqlValue } from '../sql-value.ts';
import { eventToRow } from '../event-row.ts';
import { toStoredText } from '../stored-text.ts';
import type { Storage } from '../storage.ts';
import {
  type Call,
  type CallResult,
  commitCall,
  commitResultOf,
  executeCall,
  lastSequenceOf,
} from './call.ts';
import { purge } from './purge.ts';
import { WorkerHost } from './worker-host.ts';
import { createInventoryStore } from '../inventory/inventory-store.ts';

export interface SqliteStorageOptions {
  path: string;
  log: Logger;
  clock: Clock;
  /** Where the worker's program is, when it is neither in the sources nor beside the bundle. */
  workerUrl?: URL;
  /** Seam for tests of a full disk: pages of 4 KiB that the file may have. */
  pagesMax?: number;
  /** Called once for each durable transaction, with the calls that share it: for metrics. */
  onCommit?: (calls: number) => void;
}

/**
 * The embedded store: one file, one server, one thread that may block. Safe against power cuts as far as the
 * disk's fsync is; not for network file systems, whose locks and fsync often are not.
 *
 * @throws StoreError
 */
export async function openSqliteStorage(options: SqliteStorageOptions): Promise<Storage> {
  const { path, log, clock, pagesMax } = options;
  const failures = new FailureLog(log);
  const host = await WorkerHost.start({
    url: options.workerUrl ?? defaultWorkerUrl(),
    settings: { path, openedAtMs: clock.nowMs(), ...(pagesMax !== undefined && { pagesMax }) },
    onCrash: (error) => log.error('store.thread_died', { error: messageOf(error) }),
  });
  const commits = new GroupCommit<Call, CallResult>({
    write: (calls) => {
      options.onCommit?.(calls.length);
      return failures.watch(() => host.write(calls.flatMap(({ cells }) => cells)));
    },
  });
  return assemble(host, commits, clock);
}

/** In the sources, or beside a bundle (`dist/`), where the worker is a bundle of its own. */
function defaultWorkerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './sqlite-worker.js', import.meta.url);
}

function assemble(host: WorkerHost, commits: GroupCommit<Call, CallResult>, clock: Clock): Storage {
  const submit = (call: Call) => commits.submit(call, call.characters);
  const execute = async (steps: readonly SqlStep[]) => Number(await submit(executeCall(steps)));
  const database: SqlDatabase = { query: (sql, values) => host.read(sql, values), execute };
  const recent = new RecentEvents();
  const eventSteps = (rows: readonly SqlValue[][]) => recent.keep(rows).map(insertEvent);
  return {
    broker: createBrokerStore(database, submit, recent),
    events: createEventStore({
      database,
      recent,
      append: async (rows) => {
        await execute(rows.map(insertEvent));
      },
    }),
    log: { ...createLogStore(database), ...createRetentionStore({ database, eventSteps }) },
    witness: createWitnessStore(database),
    signingKeys: createSigningKeyStore(database),
    sealedSecrets: createSealedSecretStore(database),
    configurations: createConfigurationStore(database),
    proposals: createProposalStore(database),
    freezes: createFreezeStore(database),
    sinks: createSinkStore(database),
    activity: createActivityStore(database),
    decisions: createDecisionIndexStore(database),
    countLiveLeases: () => countLiveLeases(database),
    sessions: createSessionStore(database),
    apiTokens: createApiTokenStore(database),
    inventory: createInventoryStore(database),
    findings: createFindingStore({
      database,
      eventSteps,
      nowMs: () => clock.nowMs(),
    }),
    check: () => checkStore(database, clock),
    close: async () => {
      await commits.close();
      await host.close();
    },
  };
}

function createBrokerStore(
  database: SqlDatabase,
  submit: (call: Call) => Promise<CallResult>,
  recent: RecentEvents,
): BrokerStore {
  return {
    commit: async (intent) => {
      const row = intentToRow(intent, recent);
      const result = await submit(commitCall(row));
      recent.number(row.events, lastSequenceOf(result));
      return commitResultOf(result);
    },
    transition: async (leaseId, from, change, events) => {
      const update = {
        sql: TRANSITION,
        values: [...changeToRow(change), toStoredText(leaseId), statesToText(from)],
      };
      const rows = recent.keep(events.map(eventToRow));
      return (await database.execute([update, ...rows.map(insertEvent)])) === 1;
    },
    lease: (id) => findLease(database, id),
    leases: (filter) => listLeases(database, filter),
    dueLeases: (nowMs, limit) => findDueLeases(database, nowMs, limit),
    purge: (nowMs) => purge(database, submit, nowMs),
  };
}

const TRANSITION = `
  UPDATE lease SET state = coalesce(?1, state), expires_at_ms = coalesce(?2, expires_at_ms),
    ended_at_ms = coalesce(?3, ended_at_ms), due_at_ms = coalesce(?4, due_at_ms),
    attempts = coalesce(?5, attempts), last_error = CASE ?6 WHEN 1 THEN ?7 ELSE last_error END
  WHERE id = ?8 AND instr(',' || ?9 || ',', ',' || state || ',') > 0`;

function insertEvent(row: readonly SqlValue[]): SqlStep {
  return {
    sql: 'INSERT INTO event (type, decision, resource, lease, event) VALUES (?, ?, ?, ?, ?)',
    values: row,
  };
}
