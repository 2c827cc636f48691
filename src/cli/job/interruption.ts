import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruption {
  /** The exit code of the first signal that came (128 + n); undefined while none did. */
  exitCode(): number | undefined;
  stop(): void;
}

/**
 * Notes signals instead of dying of them, so that what was issued is revoked first, even when the signal
 * comes between the answer and the start of the child.
 */
export function watchInterruptions(): Interruption {
  let first: NodeJS.Signals | undefined;
  const note = (signal: NodeJS.Signals) => {
    first ??= signal;
  };
  for (const signal of SIGNALS) process.on(signal, note);
  return {
    exitCode: () => (first === undefined ? undefined : 128 + constants.signals[first]),
    stop() {
      for (const signal of SIGNALS) process.off(signal, note);
    },
  };
}
