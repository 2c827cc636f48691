import type { Clock } from '#core/clock.ts';
import type { RecordedEvent } from '../event.ts';
import { keysOfDecision, keysOfEvent } from '../inputs/event-keys.ts';
import type { ActivityStore, EventKeys } from '../inputs/ports.ts';
import type { EventStore } from '../ports.ts';

/** Under which the place in our own record is kept, beside those of the inputs; no input can have this name. */
export const OWN_RECORD = '@record';

/** Small, as exchanges wait while one is written. */
const PAGE = 200;
const PAGES_MAX = 25;

/**
 * Goes through our own record, oldest first, and makes each event findable by identity. Whoever wants to see the
 * same stream, such as detections, reads the store by key, or follows this record and the activity beside it.
 * Returns the last sequence that is findable.
 */
export function createEventIndexer(deps: {
  store: ActivityStore;
  events: Pick<EventStore, 'list'>;
  clock: Clock;
  /** What happened before is not made findable any more (ms since the epoch). */
  sinceMs: () => number;
}): () => Promise<number> {
  const { store, events, clock, sinceMs } = deps;
  return async () => {
    let after = Number((await store.cursor(OWN_RECORD))?.position ?? 0);
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const found = await events.list({ afterSequence: after, limit: PAGE });
      const last = found.at(-1)?.sequence;
      if (last === undefined) return after;
      const fresh = found.filter(({ timeMs }) => timeMs >= sinceMs());
      const keys = await keysInContext(events, fresh);
      await store.index(OWN_RECORD, keys, { position: String(last), readAtMs: clock.nowMs() });
      after = last;
      if (found.length < PAGE) return after;
    }
    return after;
  };
}

/**
 * The end of a lease is done by the server: whose it was stands in the decision, which most often is on the same page.
 */
async function keysInContext(
  events: Pick<EventStore, 'list'>,
  page: readonly RecordedEvent[],
): Promise<EventKeys[]> {
  const known = new Map<string, readonly string[]>();
  for (const event of page)
    if (isDecision(event) && event.decision !== undefined) known.set(event.decision, keysOfEvent(event));
  const indexed: EventKeys[] = [];
  for (const event of page) {
    const { sequence, timeMs, decision } = event;
    let context = decision === undefined ? [] : known.get(decision);
    if (context === undefined && decision !== undefined) {
      context = await keysOfDecision(events, decision);
      known.set(decision, context);
    }
    indexed.push({ sequence, timeMs, keys: [...new Set([...keysOfEvent(event), ...(context ?? [])])] });
  }
  return indexed;
}

function isDecision({ type }: RecordedEvent): boolean {
  return type.startsWith('decision.');
}
