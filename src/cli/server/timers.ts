import { messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';

export interface Timers {
  /** Runs `work` every `seconds`, never twice at once; a failure is logged and the next run goes on. */
  every(seconds: number, name: string, work: () => Promise<unknown>): void;
  /** Stops all of them, and waits that long for those that are running. */
  stop(graceMs: number): Promise<void>;
}

export function createTimers(log: Logger): Timers {
  const handles: NodeJS.Timeout[] = [];
  const running = new Map<string, Promise<void>>();
  const run = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      log.warn('background.failed', { work: name, error: messageOf(error) });
    } finally {
      running.delete(name);
    }
  };
  return {
    every(seconds, name, work) {
      const start = (): void => {
        if (!running.has(name)) running.set(name, run(name, work));
      };
      handles.push(setInterval(start, seconds * 1_000).unref());
    },
    async stop(graceMs) {
      for (const handle of handles) clearInterval(handle);
      let grace: NodeJS.Timeout | undefined;
      const isOver = new Promise<void>((resolve) => {
        grace = setTimeout(resolve, graceMs);
      });
      await Promise.race([Promise.all(running.values()), isOver]);
      clearTimeout(grace);
    },
  };
}
