import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { OutputStream } from '../command.ts';

const FORWARDED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
/** Signals that a terminal sends to the whole foreground group: the child has them already. */
const TERMINAL_SIGNALS = new Set<NodeJS.Signals>(['SIGINT', 'SIGQUIT']);
/** Grandchildren may hold our pipes open for ever; their output after this is lost. */
const DRAIN_MS_MAX = 2_000;

export const NOT_FOUND = 127;
export const NOT_EXECUTABLE = 126;

export interface ChildOptions {
  command: string;
  args: readonly string[];
  env: Record<string, string>;
  cwd: string;
  stdout: OutputStream;
  stderr: OutputStream;
  /** Set when what the child prints has to be redacted; else it writes to our own streams itself. */
  redaction: { stdout: Transform; stderr: Transform } | undefined;
  /** True when stdin is a terminal. */
  isTerminal: boolean;
  /** Called with each signal that asks us to end. */
  onSignal: (signal: NodeJS.Signals) => void;
}

export interface ChildEnd {
  /** As a shell would give it: 128 + n for a signal, 126 and 127 when it could not be started. */
  exitCode: number;
  /** Set when it could not be started. */
  startError: string | undefined;
}

function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  if (signal !== null) return 128 + (constants.signals[signal] ?? 0);
  return code ?? 1;
}

/** When nobody reads our output any more the child's is closed, too, as it would be without us. */
function pump(source: NodeJS.ReadableStream, through: Transform, target: OutputStream): Promise<void> {
  return pipeline(source, through, target, { end: false });
}

/** Hands on what we are asked, for as long as the child lives; returns how to stop. */
function forwardSignals(child: ChildProcess, options: ChildOptions): () => void {
  const handlers = FORWARDED_SIGNALS.map((signal) => {
    const handler = () => {
      options.onSignal(signal);
      if (!(options.isTerminal && TERMINAL_SIGNALS.has(signal))) child.kill(signal);
    };
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  return () => handlers.forEach((remove) => remove());
}

/**
 * Runs the child in our own process group (one of its own could not read the terminal) until its end.
 * Never rejects.
 */
export async function runChild(options: ChildOptions): Promise<ChildEnd> {
  const output = options.redaction === undefined ? ('inherit' as const) : ('pipe' as const);
  let child: ChildProcess;
  try {
    child = spawn(options.command, options.args, {
      env: options.env,
      cwd: options.cwd,
      stdio: ['inherit', output, output],
    });
  } catch (error) {
    // Arguments that no process can have: a NUL, or more than the system's limit.
    return { exitCode: NOT_EXECUTABLE, startError: error instanceof Error ? error.message : String(error) };
  }
  const stopForwarding = forwardSignals(child, options);
  const pumps: Promise<void>[] = [];
  if (options.redaction !== undefined && child.stdout !== null && child.stderr !== null) {
    pumps.push(pump(child.stdout, options.redaction.stdout, options.stdout));
    pumps.push(pump(child.stderr, options.redaction.stderr, options.stderr));
  }
  // Settled from the start: a pipe that breaks early is no failure of ours.
  const drained = Promise.allSettled(pumps);
  const end = await new Promise<ChildEnd>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      const exitCode = error.code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE;
      resolve({ exitCode, startError: error.code === 'ENOENT' ? 'command not found' : error.message });
    });
    child.once('exit', (code, signal) =>
      resolve({ exitCode: exitCodeOf(code, signal), startError: undefined }),
    );
  });
  stopForwarding();
  if (end.startError === undefined && pumps.length > 0) {
    const limit = new AbortController();
    const timer = delay(DRAIN_MS_MAX, undefined, { signal: limit.signal }).catch(() => {});
    await Promise.race([drained, timer]);
    limit.abort();
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
  return end;
}
