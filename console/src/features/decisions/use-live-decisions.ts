import type { DecisionSummary } from '#api/decision.ts';
import { useEffect, useState } from 'react';
import { ApiError, call } from '../../api/client.ts';
import type { queryOf } from './search.ts';

const WAIT_SECONDS = 20;
const PAGE = 200;
const RETRY_MS = 3_000;
/** What is kept of a stream that nobody looks at for hours. */
const KEPT_MAX = 1_000;

export type LiveState = 'waiting' | 'live' | 'interrupted' | 'off';

interface Live {
  /** What was asked: news of another question are not shown. */
  readonly key: string;
  readonly news: ReadonlyMap<string, DecisionSummary>;
  readonly state: LiveState;
}

const NONE: Live['news'] = new Map();

function merge(known: Live['news'], found: readonly DecisionSummary[]): Live['news'] {
  const merged = new Map(known);
  for (const decision of found) {
    merged.delete(decision.id);
    merged.set(decision.id, decision);
  }
  for (const id of merged.keys()) {
    if (merged.size <= KEPT_MAX) break;
    merged.delete(id);
  }
  return merged;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * Asks for news again and again, each question waiting until there are some. Ends with the session: then the server
 * refuses, and the list beside it says so.
 */
export function useLiveDecisions(
  query: ReturnType<typeof queryOf>,
  after: number | undefined,
  enabled: boolean,
): Pick<Live, 'news' | 'state'> {
  const key = JSON.stringify([query, after]);
  const [live, setLive] = useState<Live>({ key, news: NONE, state: 'waiting' });
  useEffect(() => {
    if (!enabled || after === undefined) return undefined;
    const stop = new AbortController();
    const { signal } = stop;
    const change = (edit: (known: Live) => Partial<Live>) =>
      setLive((known) => {
        const own: Live = known.key === key ? known : { key, news: NONE, state: 'waiting' };
        return { ...own, ...edit(own) };
      });
    const follow = async () => {
      let through = after;
      for (let wait = 0; !signal.aborted; wait = WAIT_SECONDS) {
        try {
          const asked = { ...query, after: through, wait, limit: PAGE };
          const answer = await call('watchDecisions', { query: asked }, signal);
          // An older place comes from a store that was restored; a newer one is where to go on.
          ({ through } = answer);
          change(({ news }) => ({ news: merge(news, answer.decisions), state: 'live' }));
        } catch (error) {
          if (signal.aborted) return;
          change(() => ({ state: 'interrupted' }));
          if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return;
          await pause(RETRY_MS, signal);
        }
      }
    };
    void follow();
    return () => stop.abort();
    // `key` stands for the question and the place that it starts from.
    // oxlint-disable-next-line react/exhaustive-deps -- the question is compared by its text
  }, [key, enabled]);
  const isOwn = live.key === key;
  return { news: isOwn ? live.news : NONE, state: enabled ? (isOwn ? live.state : 'waiting') : 'off' };
}
