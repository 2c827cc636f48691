import type { Clock } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';
import type { AuditEvent } from '../event.ts';
import { parseLogEntry } from './log-entry.ts';
import type { LogStore, RetentionStore, SealedBundle } from './ports.ts';
import { splitEntries, TILE_WIDTH } from './tile.ts';

/** What stands in the event that announces a pruning. */
export interface PruningFacts {
  /** The first entry that was still kept. */
  readonly fromIndex: number;
  /** The first entry that is kept from now on. */
  readonly minimumIndex: number;
  /** All that goes was recorded before this (ISO 8601). */
  readonly recordedBefore: string;
}

/** Who still needs entries from an index on. */
export interface Hold {
  readonly who: string;
  readonly fromIndex: number;
}

export interface PruneOptions {
  readonly store: Pick<LogStore, 'head' | 'bundle'> & RetentionStore;
  /** How long events are kept (ms); undefined: for ever. Read for each run, as the configuration changes. */
  readonly retentionMs: () => number | undefined;
  /** Nothing at or after the least of these goes. */
  readonly holds: () => Promise<readonly Hold[]>;
  readonly announce: (facts: PruningFacts) => AuditEvent;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Looked at in one run: half a million entries. */
const BUNDLES_MAX = 2_000;
/** Removed in one transaction, so that exchanges go on in between. */
const BUNDLES_AT_ONCE = 8;
/** The log is pruned about once a day, and not all the time: each pruning is an event of its own. */
const SLACK_MS = 86_400_000;
const WARN_AGAIN_MS = 3_600_000;

/** True when each entry of the bundle is older; what cannot be read is not. */
function isOlder({ entries, sequences }: SealedBundle, beforeMs: number): boolean {
  const read = splitEntries(Buffer.from(entries), sequences.length);
  return (
    sequences.length === TILE_WIDTH &&
    read?.every((entry) => (parseLogEntry(entry)?.timeMs ?? beforeMs) < beforeMs) === true
  );
}

/**
 * Removes what is older than it has to be kept: entries in whole bundles and the events behind them, from the
 * beginning of the log (C2SP tlog-tiles, pruning). First the record says that this is done, and when that stands in the
 * log itself, it is done. All hashes stay, so the tree does not change, and what is left is proven as before. Returns
 * the work for a timer.
 */
export function createLogPruning(options: PruneOptions): () => Promise<void> {
  const { store, clock, log } = options;
  let warnedAtMs = 0;

  const warn = ({ who, fromIndex }: Hold): void => {
    const nowMs = clock.nowMs();
    if (nowMs < warnedAtMs + WARN_AGAIN_MS) return;
    warnedAtMs = nowMs;
    log.warn('log.pruning_waits', { for: who, index: fromIndex });
  };

  /** As far as nobody needs it any more, in whole bundles. */
  const withinHolds = async (toIndex: number): Promise<number> => {
    const [first] = (await options.holds()).toSorted((one, other) => one.fromIndex - other.fromIndex);
    if (first === undefined || first.fromIndex >= toIndex) return toIndex;
    warn(first);
    return first.fromIndex - (first.fromIndex % TILE_WIDTH);
  };

  /** The first entry that has to be kept. */
  const findCut = async (fromIndex: number, beforeMs: number): Promise<number> => {
    const { size } = await store.head();
    let index = fromIndex;
    for (let count = 0; count < BUNDLES_MAX && index + TILE_WIDTH <= size; count += 1) {
      const bundle = await store.bundle(index / TILE_WIDTH);
      if (bundle === undefined || !isOlder(bundle, beforeMs)) break;
      index += TILE_WIDTH;
    }
    return index;
  };

  const plan = async (fromIndex: number, retentionMs: number): Promise<void> => {
    const beforeMs = clock.nowMs() - retentionMs;
    if ((await findCut(fromIndex, beforeMs - SLACK_MS)) === fromIndex) return;
    const minimumIndex = await withinHolds(await findCut(fromIndex, beforeMs));
    if (minimumIndex <= fromIndex) return;
    const recordedBefore = new Date(beforeMs).toISOString();
    const event = options.announce({ fromIndex, minimumIndex, recordedBefore });
    await store.planPruning({ fromIndex, toIndex: minimumIndex, event });
  };

  const prune = async (fromIndex: number, plannedIndex: number): Promise<void> => {
    const toIndex = await withinHolds(plannedIndex);
    for (let from = fromIndex; from < toIndex; ) {
      const to = Math.min(toIndex, from + BUNDLES_AT_ONCE * TILE_WIDTH);
      const lastSequence = (await store.bundle(to / TILE_WIDTH - 1))?.sequences.at(-1);
      // Another server does the same, or the announcement is not in the log yet: the next run goes on.
      if (lastSequence === undefined) return;
      const bundles = { fromBundle: from / TILE_WIDTH, toBundle: to / TILE_WIDTH };
      if (!(await store.prune({ fromIndex: from, toIndex: to, ...bundles, lastSequence }))) return;
      from = to;
    }
  };

  return async () => {
    const { minimumIndex, plannedIndex } = await store.retained();
    const retentionMs = options.retentionMs();
    if (plannedIndex > minimumIndex) await prune(minimumIndex, plannedIndex);
    else if (retentionMs !== undefined) await plan(minimumIndex, retentionMs);
  };
}
