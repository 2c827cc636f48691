import type { Clock } from '#core/clock.ts';

export interface TokenBucket {
  /** False when the rate is used up. */
  take(): boolean;
}

/** `burst` at once, and `perSecond` on the long run. A clock that is set back refills nothing. */
export function createTokenBucket(rate: { burst: number; perSecond: number }, clock: Clock): TokenBucket {
  let level = rate.burst;
  let filledAtMs = clock.nowMs();
  return {
    take() {
      const nowMs = clock.nowMs();
      const refill = (Math.max(0, nowMs - filledAtMs) / 1_000) * rate.perSecond;
      level = Math.min(rate.burst, level + refill);
      filledAtMs = nowMs;
      if (level < 1) return false;
      level -= 1;
      return true;
    },
  };
}
