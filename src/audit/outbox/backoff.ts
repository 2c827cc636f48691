import { randomInt } from 'node:crypto';

const FIRST_MS = 1_000;
const LONGEST_MS = 300_000;
/** A sink may ask for more patience than we would have, within reason. */
const ASKED_MS_MAX = 3_600_000;

/**
 * How long to wait after so many failures in a row: full jitter, so that many servers and sinks do not come back all
 * at once, and at least what the sink asked for.
 */
export function backoffMs(
  failures: number,
  retryAfterMs = 0,
  random: (below: number) => number = randomInt,
): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 20));
  return Math.max(random(ceiling), Math.min(retryAfterMs, ASKED_MS_MAX));
}

/** What only a person can mend is asked for now and then: a token may have been renewed elsewhere. */
export function patienceMs(random: (below: number) => number = randomInt): number {
  return LONGEST_MS / 2 + random(LONGEST_MS / 2);
}
