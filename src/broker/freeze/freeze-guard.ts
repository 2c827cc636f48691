import type { Clock } from '#core/clock.ts';
import { type Freeze, type FreezeStore, type FreezeSubject, isUnderFreeze } from './freeze.ts';

/** How often each server looks: what one of them was told is known to all within two of these. */
export const FREEZE_REFRESH_SECONDS = 1;
/** Older than this the list is not known, and nothing is issued: the store is needed for that anyway. */
const STALE_AFTER_MS = 15_000;

/** `unknown`: the store has not answered for too long. */
export type FreezeAnswer = { state: 'clear' } | { state: 'frozen'; freeze: Freeze } | { state: 'unknown' };

/** What the exchange asks, from memory. */
export interface FreezeGuard {
  check(subject: FreezeSubject): FreezeAnswer;
}

export interface FreezeSnapshot extends FreezeGuard {
  /** Reads the list again. Rejects when the store does not answer; the list stands until it is too old. */
  refresh(): Promise<void>;
  /** Those in force by what is known here. */
  inForce(): readonly Freeze[];
}

export function createFreezeSnapshot({
  store,
  clock,
}: {
  store: Pick<FreezeStore, 'freezesInForce'>;
  clock: Clock;
}): FreezeSnapshot {
  let known: readonly Freeze[] = [];
  let readAtMs = Number.NEGATIVE_INFINITY;
  let newest = 0;
  let applied = 0;

  const inForce = (): readonly Freeze[] => {
    const nowMs = clock.nowMs();
    return known.filter(({ untilMs }) => untilMs === undefined || untilMs > nowMs);
  };
  return {
    inForce,
    check(subject) {
      if (clock.nowMs() - readAtMs > STALE_AFTER_MS) return { state: 'unknown' };
      if (known.length === 0) return { state: 'clear' };
      const freeze = inForce().find(({ target }) => isUnderFreeze(target, subject));
      return freeze === undefined ? { state: 'clear' } : { state: 'frozen', freeze };
    },
    async refresh() {
      newest += 1;
      const turn = newest;
      const askedAtMs = clock.nowMs();
      const freezes = await store.freezesInForce(askedAtMs);
      // An answer that was overtaken by a later one would bring back what was true before it.
      if (turn < applied) return;
      applied = turn;
      known = freezes;
      readAtMs = askedAtMs;
    },
  };
}
