import type { CommandStreams } from '../command.ts';

const QUIET_MS = 1_000;
const REDRAW_MS = 100;

/** A line on a terminal's stderr that says how far the scan is; silent in its first second, and elsewhere. */
export interface Progress {
  update(done: number, all: number): void;
  clear(): void;
}

export function createProgress({ stderr, clock }: CommandStreams, quiet: boolean): Progress {
  if (quiet || stderr.isTTY !== true) return { update: () => {}, clear: () => {} };
  const startMs = clock.nowMs();
  let drawnMs = 0;
  return {
    update(done, all) {
      const nowMs = clock.nowMs();
      if (nowMs - startMs < QUIET_MS || nowMs - drawnMs < REDRAW_MS) return;
      drawnMs = nowMs;
      stderr.write(`\r\u001b[Kscanning: ${done} of ${all} files`);
    },
    clear() {
      if (drawnMs > 0) stderr.write('\r\u001b[K');
    },
  };
}
