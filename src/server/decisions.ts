import type { OutcomeCounts } from '#api/decision.ts';
import type { DecisionCount } from '#audit/decision-index/ports.ts';
import type { ServerDependencies } from './dependencies.ts';
import { watchDecisions } from './decision-news.ts';
import { decisionFilter, decisionSummary, NO_OUTCOMES } from './decision-views.ts';
import type { HandlersOf } from './handler.ts';
import { momentOf } from './views.ts';

interface DecisionHandlerOptions {
  /** True from the moment that the server takes nothing new: then nobody goes on waiting for news. */
  readonly isClosing: () => boolean;
}

/** Search and figures, out of the index: a second behind the record at most. */
export function createDecisionHandlers(
  { decisions, events }: Pick<ServerDependencies, 'decisions' | 'events'>,
  { isClosing }: DecisionHandlerOptions,
): HandlersOf<'listDecisions' | 'watchDecisions' | 'countDecisions' | 'listTopValues'> {
  const watch = watchDecisions(decisions, isClosing);
  return {
    async listDecisions({ query, caller }) {
      const { before, limit } = query;
      // Before the list, so that whoever watches on from it misses nothing.
      const indexedThrough = await decisions.position();
      const [found, [newest]] = await Promise.all([
        decisions.search(decisionFilter(query, caller.scope), { before, limit }),
        events.list({ limit: 1 }),
      ]);
      return {
        value: {
          decisions: found.map(decisionSummary),
          next: found.length === limit ? (found.at(-1)?.sequence ?? null) : null,
          indexed_through: indexedThrough,
          recorded_through: Math.max(indexedThrough, newest?.sequence ?? 0),
        },
      };
    },
    async watchDecisions({ query, caller }) {
      const { decisions: found, through } = await watch(decisionFilter(query, caller.scope), query);
      return { value: { decisions: found.map(decisionSummary), through } };
    },
    async countDecisions({ query, caller }) {
      const counts = await decisions.counts(decisionFilter(query, caller.scope), query.by);
      return { value: countsView(counts) };
    },
    async listTopValues({ query, caller }) {
      const { column, limit } = query;
      const values = await decisions.top(decisionFilter(query, caller.scope), column, limit);
      return {
        value: {
          values: values.map(({ value, count, outcomes }) => ({ value, count, outcomes: { ...outcomes } })),
        },
      };
    },
  };
}

function countsView(counts: readonly DecisionCount[]) {
  const total: OutcomeCounts = { ...NO_OUTCOMES };
  const byStart = new Map<number, OutcomeCounts>();
  for (const { startMs, outcome, count } of counts) {
    const outcomes = byStart.get(startMs) ?? { ...NO_OUTCOMES };
    outcomes[outcome] += count;
    total[outcome] += count;
    byStart.set(startMs, outcomes);
  }
  return {
    counts: [...byStart].map(([startMs, outcomes]) => ({ start: momentOf(startMs), outcomes })),
    total,
  };
}
