import { spawn } from 'node:child_process';
import type { RunAs } from './run-as.ts';

/**
 * A shell that reads a pipe whose other end only we hold. A line means "stopped in order"; end of file means
 * that we died, even by SIGKILL, and it stops the server and removes what nobody will need any more.
 */
const SCRIPT = `
read -r _ && exit 0
kill -INT "$1" 2>/dev/null
tries=0
while kill -0 "$1" 2>/dev/null && [ "$tries" -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
kill -KILL "$1" 2>/dev/null
[ -z "$2" ] || rm -rf -- "$2"
`;

export interface Guard {
  /** The server has ended; nothing is left to do. */
  standDown(): void;
}

/** Ties the life of the process `pid` to ours. `removeDirectory` goes with it; empty: nothing does. */
export function startGuard(pid: number, removeDirectory: string, runAs: RunAs | undefined): Guard {
  if (process.platform === 'win32') return startExitHook(pid);
  // Detached: Ctrl-C in a terminal reaches the whole foreground group, and the guard must outlive us.
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'vouchgate-postgres-guard', String(pid), removeDirectory], {
    ...runAs,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.once('error', () => undefined);
  child.stdin.once('error', () => undefined);
  child.unref();
  return { standDown: () => child.stdin.end('stopped\n') };
}

function startExitHook(pid: number): Guard {
  const stop = () => {
    try {
      process.kill(pid);
    } catch {
      // It has ended already.
    }
  };
  process.once('exit', stop);
  return { standDown: () => process.off('exit', stop) };
}
