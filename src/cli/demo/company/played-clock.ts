import type { Clock } from '#core/clock.ts';

/** A clock that is moved on by hand, and between two moves goes as time goes. It never goes back. */
export interface PlayedClock extends Clock {
  /** Does nothing for a moment that has passed already. */
  moveTo(timeMs: number): void;
}

export function createPlayedClock(startMs: number): PlayedClock {
  let fromMs = startMs;
  let since = performance.now();
  const nowMs = (): number => fromMs + Math.floor(performance.now() - since);
  return {
    nowMs,
    moveTo(timeMs) {
      fromMs = Math.max(nowMs(), timeMs);
      since = performance.now();
    },
  };
}
