import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../../../bin/vouchgate.js', import.meta.url));
const DEADLINE_MS = 15_000;

export interface SpawnedCli {
  pid: number;
  /** Resolves when stdout has shown the text. */
  shown(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  end: Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
}

/** The command line as a process of its own, killed after 15 seconds. */
export function spawnCli(argv: readonly string[], env: Record<string, string>, input = ''): SpawnedCli {
  const child = spawn(process.execPath, [BIN, ...argv], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: 'pipe',
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    for (const watcher of watchers) watcher();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return {
    pid: child.pid ?? 0,
    shown: (text) =>
      new Promise((resolve) => {
        const watcher = () => {
          if (!stdout.includes(text)) return;
          watchers.delete(watcher);
          resolve();
        };
        watchers.add(watcher);
        watcher();
      }),
    kill: (signal) => void child.kill(signal),
    end: new Promise((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    }),
  };
}
