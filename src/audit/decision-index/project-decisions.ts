import type { Clock } from '#core/clock.ts';
import type { RecordedEvent } from '../event.ts';
import type { EventStore } from '../ports.ts';
import { describeDecision } from './describe-decision.ts';
import type { AddedDecision, DecisionIndexStore, IndexChange } from './ports.ts';

/** Small, as exchanges wait while one is written. */
const PAGE = 200;
const PAGES_MAX = 5;
/** How long a server that has stopped is waited for. */
const HOLD_MS = 5_000;

/**
 * Goes through the record, oldest first, and brings the index up to it. A stretch of the record changes the index once,
 * whoever is at work and whatever is repeated. Returns the last sequence that was taken in.
 */
export function createDecisionProjector(deps: {
  index: Pick<DecisionIndexStore, 'position' | 'apply'>;
  events: Pick<EventStore, 'list'>;
  clock: Clock;
  /** Name of this server among those that share the store. */
  server: string;
  /** Waits between two stretches of a backlog, given how long the last one took; without it nothing waits. */
  rest?: (tookMs: number) => Promise<unknown>;
}): () => Promise<number> {
  const { index, events, clock, server, rest } = deps;
  return async () => {
    let from = await index.position();
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const startedMs = clock.nowMs();
      const found = await events.list({ afterSequence: from, limit: PAGE });
      const to = found.at(-1)?.sequence;
      if (to === undefined) return from;
      const nowMs = clock.nowMs();
      const applied = await index.apply(changeOf(found, from, to), server, nowMs, nowMs + HOLD_MS);
      // Another server is at it.
      if (!applied) return from;
      from = to;
      if (found.length < PAGE) return from;
      await rest?.(clock.nowMs() - startedMs);
    }
    return from;
  };
}

/** What a stretch of the record does to the index. */
export function changeOf(found: readonly RecordedEvent[], from: number, to: number): IndexChange {
  const added = new Map<string, AddedDecision>();
  const ended: { id: string; outcome: 'issued' | 'failed'; changed: number }[] = [];
  const erased: number[] = [];
  for (const event of found) {
    const { type, decision, sequence } = event;
    const described = describeDecision(event);
    // Ids are ours and are not used twice; were one, the first word would count.
    if (described !== undefined && !added.has(described.id)) added.set(described.id, described);
    if (decision !== undefined && type === 'credential.issued')
      ended.push({ id: decision, outcome: 'issued', changed: sequence });
    if (decision !== undefined && type === 'credential.failed')
      ended.push({ id: decision, outcome: 'failed', changed: sequence });
    const gone = type === 'event.erased' ? event.body['sequence'] : undefined;
    if (typeof gone === 'number' && Number.isSafeInteger(gone)) erased.push(gone);
  }
  return { from, to, added: [...added.values()], ended, erased };
}
