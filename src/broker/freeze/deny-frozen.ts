import type { ExchangeDenial } from '../exchange.ts';
import { describeFreezeTarget, type Freeze } from './freeze.ts';

/** Why, since when, by whom: whoever waits for the job must know whom to ask. */
export function denyFrozen({ id, target, reason, frozenBy, frozenAtMs, untilMs }: Freeze): ExchangeDenial {
  const since = new Date(frozenAtMs).toISOString();
  const until = untilMs === undefined ? 'somebody lifts it' : new Date(untilMs).toISOString();
  return {
    code: 'frozen',
    message: `Access is frozen for ${describeFreezeTarget(target)}: ${reason}`,
    facts: [
      { name: 'freeze', expected: 'none', received: `${id}: ${describeFreezeTarget(target)}` },
      { name: 'freeze.since', expected: 'none', received: since },
      { name: 'freeze.until', expected: 'none', received: until },
      { name: 'freeze.reason', expected: 'none', received: reason },
    ],
    remedy: `Ask ${frozenBy}, who froze it; nothing is wrong with the job itself. A new run works once it is lifted.`,
    retryable: false,
  };
}
