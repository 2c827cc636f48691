import { setTimeout as delay } from 'node:timers/promises';
import type { DecisionChanges, DecisionFilter, DecisionIndex } from '#audit/decision-index/ports.ts';

const POLL_MS = 250;
/** More than this many wait in vain: they are told at once that there is nothing, and come back. */
const WAITERS_MAX = 500;

interface NewsQuery {
  readonly after: number;
  /** Seconds. */
  readonly wait: number;
  readonly limit: number;
}

/**
 * What is new, by a question that waits and not by a stream: it passes proxies that hold a stream back until it ends,
 * takes no connection for good, and each question is authorized anew, so that it ends with the session. One look at the
 * position of the index serves all who wait.
 */
export function watchDecisions(index: Pick<DecisionIndex, 'changes' | 'position'>, isClosing: () => boolean) {
  let waiters = 0;
  let look: Promise<number> | undefined;

  const nextPosition = (): Promise<number> => {
    look ??= (async () => {
      try {
        await delay(POLL_MS);
        return await index.position();
      } finally {
        look = undefined;
      }
    })();
    return look;
  };

  const wait = async (filter: DecisionFilter, query: NewsQuery, first: DecisionChanges) => {
    let { through } = first;
    const tries = Math.ceil((query.wait * 1_000) / POLL_MS);
    for (let attempt = 0; attempt < tries && !isClosing(); attempt += 1) {
      if ((await nextPosition()) <= through) continue;
      const news = await index.changes(filter, through, query.limit);
      if (news.decisions.length > 0) return news;
      through = news.through;
    }
    return { decisions: [], through };
  };

  return async (filter: DecisionFilter, query: NewsQuery): Promise<DecisionChanges> => {
    const news = await index.changes(filter, query.after, query.limit);
    if (news.decisions.length > 0 || query.wait === 0 || waiters >= WAITERS_MAX) return news;
    waiters += 1;
    try {
      return await wait(filter, query, news);
    } finally {
      waiters -= 1;
    }
  };
}
