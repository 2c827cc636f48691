import type { Clock } from '#core/clock.ts';
import type { LogStore } from '../log/ports.ts';
import type { EventStore } from '../ports.ts';
import { readLog } from './read-log.ts';
import type { SinkCursor, SinkStore } from './ports.ts';

export type SinkState = 'sending' | 'idle' | 'retrying' | 'down' | 'stopped' | 'starting' | 'removed';

/** How far a sink is, for people and for metrics. */
export interface SinkOverview {
  readonly name: string;
  /** Undefined for one that is not in the configuration any more. */
  readonly type: string | undefined;
  readonly state: SinkState;
  /** Indexes of the log. */
  readonly firstIndex: number;
  readonly nextIndex: number;
  /** Events of the log that are not settled yet. */
  readonly behind: number;
  /** Age of the oldest of them; 0 when there is none. */
  readonly oldestUnsentAgeSeconds: number;
  readonly parked: number;
  readonly failures: number;
  readonly nextAttemptAtMs: number | undefined;
  readonly lastSuccessAtMs: number | undefined;
  readonly lastError: { readonly code: string; readonly message: string; readonly atMs: number } | undefined;
}

export interface ConfiguredName {
  readonly name: string;
  readonly type: string;
}

export interface SinkOverviewOptions {
  readonly store: SinkStore;
  readonly log: LogStore;
  readonly events: Pick<EventStore, 'list'>;
  readonly configured: () => readonly ConfiguredName[];
  readonly clock: Clock;
}

function stateOf({ health }: SinkCursor, behind: number): SinkState {
  if (health.stopped) return 'stopped';
  if (health.circuit === 'open') return 'down';
  if (health.failures > 0) return 'retrying';
  return behind > 0 ? 'sending' : 'idle';
}

function starting({ name, type }: ConfiguredName, size: number): SinkOverview {
  return {
    name,
    type,
    state: 'starting',
    firstIndex: 0,
    nextIndex: 0,
    behind: size,
    oldestUnsentAgeSeconds: 0,
    parked: 0,
    failures: 0,
    nextAttemptAtMs: undefined,
    lastSuccessAtMs: undefined,
    lastError: undefined,
  };
}

/** All sinks, those of the configuration first: what `audit sinks`, the API and metrics read. */
export async function describeSinks(options: SinkOverviewOptions): Promise<readonly SinkOverview[]> {
  const { store, log, events, clock } = options;
  const configured = new Map(options.configured().map(({ name, type }) => [name, type]));
  const [cursors, { size }] = await Promise.all([store.list(), log.head()]);
  const oldestOf = async (index: number): Promise<number> => {
    if (index >= size) return 0;
    const [item] = await readLog({ log, events }, { from: index, size, limit: 1 });
    return item?.event === undefined ? 0 : Math.max(0, (clock.nowMs() - item.event.timeMs) / 1_000);
  };
  const known = await Promise.all(
    cursors.map(async (cursor): Promise<SinkOverview> => {
      const { name, health, firstIndex, nextIndex } = cursor;
      const type = configured.get(name);
      const behind = Math.max(0, size - nextIndex);
      return {
        name,
        type,
        state: type === undefined ? 'removed' : stateOf(cursor, behind),
        firstIndex,
        nextIndex,
        behind,
        oldestUnsentAgeSeconds: await oldestOf(nextIndex),
        parked: await store.countParked(name),
        failures: health.failures,
        nextAttemptAtMs: health.failures > 0 && !health.stopped ? health.nextAttemptAtMs : undefined,
        lastSuccessAtMs: health.lastSuccessAtMs,
        lastError: health.lastError,
      };
    }),
  );
  const fresh = options.configured().filter(({ name }) => !cursors.some((cursor) => cursor.name === name));
  return [...known, ...fresh.map((entry) => starting(entry, size))].toSorted(
    (one, other) =>
      Number(one.type === undefined) - Number(other.type === undefined) || (one.name < other.name ? -1 : 1),
  );
}
