import type { Clock } from '#core/clock.ts';
import type { EventStore } from '../ports.ts';
import { type Activity, toActivity } from './activity.ts';
import { keysOfDecision } from './event-keys.ts';
import type { SourceRecord } from './input.ts';
import type { ActivityStore } from './ports.ts';
import { keepRaw } from './raw-record.ts';

export interface TakenIn {
  readonly stored: number;
  readonly repeated: number;
  readonly refused: number;
}

export type TakeIn = (input: string, records: readonly SourceRecord[]) => Promise<TakenIn>;

const KEYS_MAX = 20;
const PORTION = 100;
/** Decisions that are looked up for one batch; a flood of made-up ids must not become a flood of queries. */
const LOOKUPS_MAX = 1_000;

/**
 * Records become activity, durable when it resolves. A record that names a decision of ours also gets the keys of
 * that decision: from then on it is found under the workload and the resource.
 */
export function createTakeIn(deps: {
  store: ActivityStore;
  events: Pick<EventStore, 'list'>;
  clock: Clock;
}): TakeIn {
  return async (input, records) => {
    const taken = { stored: 0, repeated: 0, refused: 0 };
    const known = new Map<string, readonly string[]>();
    // In portions: a file of twenty thousand records must not keep an exchange waiting.
    for (let start = 0; start < records.length; start += PORTION) {
      const portion = records.slice(start, start + PORTION);
      const receivedAtMs = deps.clock.nowMs();
      const read = portion.flatMap(
        ({ draft, raw }) => toActivity(draft, { input, receivedAtMs, raw: keepRaw(raw) }) ?? [],
      );
      const stored = await deps.store.add(await joinDecisions(deps.events, read, known));
      taken.stored += stored;
      taken.repeated += read.length - stored;
      taken.refused += portion.length - read.length;
    }
    return taken;
  };
}

async function joinDecisions(
  events: Pick<EventStore, 'list'>,
  activities: readonly Activity[],
  known: Map<string, readonly string[]>,
): Promise<readonly Activity[]> {
  const joined: Activity[] = [];
  for (const activity of activities) {
    const decision = activity.keys.find((key) => key.startsWith('decision:'))?.slice('decision:'.length);
    if (decision === undefined) {
      joined.push(activity);
      continue;
    }
    let keys = known.get(decision);
    if (keys === undefined && known.size < LOOKUPS_MAX) {
      keys = await keysOfDecision(events, decision);
      known.set(decision, keys);
    }
    joined.push({ ...activity, keys: [...new Set([...activity.keys, ...(keys ?? [])])].slice(0, KEYS_MAX) });
  }
  return joined;
}
