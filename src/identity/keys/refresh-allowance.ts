const BURST = 3;
const INTERVAL_MS = 60_000;
const ABSENT_KIDS_MAX = 256;

/**
 * How often a token with an unknown `kid` may send us to its issuer. Anybody can invent a `kid`, so without a
 * bound they could turn us on the issuer, or have it block us. A burst of three, then one in 60 s; a `kid` that
 * a refresh did not bring is not asked for again within that time.
 */
export interface RefreshAllowance {
  /** True when a refresh for this `kid` may start now; it is then counted. */
  take(kid: string | undefined, nowMs: number): boolean;
  noteAbsent(kid: string | undefined, nowMs: number): void;
}

export function createRefreshAllowance(): RefreshAllowance {
  let tokens = BURST;
  let refilledAtMs: number | undefined;
  const absentUntilMs = new Map<string | undefined, number>();
  const refill = (nowMs: number) => {
    refilledAtMs ??= nowMs;
    const gained = Math.floor((nowMs - refilledAtMs) / INTERVAL_MS);
    if (gained <= 0) return;
    tokens = Math.min(BURST, tokens + gained);
    refilledAtMs += gained * INTERVAL_MS;
  };
  return {
    take(kid, nowMs) {
      refill(nowMs);
      if (tokens === 0 || (absentUntilMs.get(kid) ?? 0) > nowMs) return false;
      tokens -= 1;
      return true;
    },
    noteAbsent(kid, nowMs) {
      if (absentUntilMs.size >= ABSENT_KIDS_MAX) absentUntilMs.clear();
      absentUntilMs.set(kid, nowMs + INTERVAL_MS);
    },
  };
}
