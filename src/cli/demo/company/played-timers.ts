import { messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import type { Timers } from '../../server/timers.ts';
import type { PlayedClock } from './played-clock.ts';

/** A server has nothing to do for most of a played month: its work is looked at this often at most. */
const PACE_SECONDS = 4 * 3_600;
/** Leases end near their time, and what is frozen is known anew after every move of the clock. */
const PACES_SECONDS: Readonly<Record<string, number>> = { leases: 1_500, freezes: 0 };

interface Work {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
  dueMs: number;
}

/** The background work of a server, by the played clock in place of the machine's. */
export interface PlayedTimers extends Timers {
  /** Does what is due now, one after the other. */
  runDue(): Promise<void>;
}

export function createPlayedTimers(clock: PlayedClock, log: Logger): PlayedTimers {
  const works: Work[] = [];
  return {
    every(seconds, name, run) {
      const paceSeconds = PACES_SECONDS[name] ?? PACE_SECONDS;
      const everyMs = Math.max(seconds, paceSeconds) * 1_000;
      works.push({ name, everyMs, run, dueMs: clock.nowMs() + everyMs });
    },
    async runDue() {
      for (const work of works) {
        if (work.dueMs > clock.nowMs()) continue;
        work.dueMs = clock.nowMs() + work.everyMs;
        try {
          await work.run();
        } catch (error) {
          log.warn('background.failed', { work: work.name, error: messageOf(error) });
        }
      }
    },
    async stop() {
      works.length = 0;
    },
  };
}
