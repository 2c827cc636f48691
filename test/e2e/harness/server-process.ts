import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Secret } from '#core/secret.ts';
import { eventually } from './wait.ts';

export const PROGRAM = fileURLToPath(new URL('../../../bin/vouchgate.js', import.meta.url));
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;
const OUTPUT_CHARS_MAX = 20_000_000;

export interface ServerProcessOptions {
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** What stands before `node`: `['setpriv', …]`. It must replace itself by `node`, so that the pid is the server's. */
  wrapper?: readonly string[];
}

/** `vouchgate up` as a process of its own. */
export interface ServerProcess {
  pid: number;
  /** Where it listens. */
  url: string;
  /** The one-time link of its greeting; undefined when it printed none. */
  adminLink: Secret | undefined;
  stdout(): string;
  /** Its log, one JSON object a line. */
  stderr(): string;
  logLines(): Record<string, unknown>[];
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL: as a power cut of this process alone. */
  crash(): Promise<void>;
  /** SIGTERM; SIGKILL after 15 seconds. Returns the exit code. */
  stop(): Promise<number | null>;
}

function capture(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    if (text.length < OUTPUT_CHARS_MAX) text += chunk;
  });
  return () => text;
}

function parseLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Starts it and waits until it listens. @throws Error with its output when it ends before. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const [command = '', ...args] = [
    ...(options.wrapper ?? []),
    process.execPath,
    PROGRAM,
    'up',
    ...options.args,
  ];
  const child: ChildProcess = spawn(command, args, {
    env: { PATH: process.env['PATH'] ?? '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout = capture(child.stdout);
  const stderr = capture(child.stderr);
  let failure: string | undefined;
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', (error) => {
      failure = error.message;
      resolve(null);
    });
  });
  const hasEnded = () => failure !== undefined || child.exitCode !== null || child.signalCode !== null;
  const crash = async () => {
    if (!hasEnded()) child.kill('SIGKILL');
    await ended;
  };
  const url = await eventually('vouchgate up listens', START_TIMEOUT_MS, () => {
    if (hasEnded()) throw new Error(`vouchgate up ended: ${failure ?? ''}\n${stdout()}\n${stderr()}`);
    // The last line of the greeting: all of it is there.
    return /^ {2}configuration .*\n(?:.*\n)*/m.test(stdout())
      ? /listens on (\S+)/.exec(stdout())?.[1]
      : undefined;
  }).catch(async (error: unknown) => {
    await crash();
    throw error;
  });
  const link = /^ {2}(http\S+#link=\S+)$/m.exec(stdout())?.[1];
  return {
    pid: child.pid ?? 0,
    url,
    adminLink: link === undefined ? undefined : new Secret(link),
    stdout,
    stderr,
    logLines: () => parseLines(stderr()),
    signal: (signal) => void child.kill(signal),
    crash,
    async stop() {
      if (!hasEnded()) child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      const code = await ended;
      clearTimeout(timer);
      return code;
    },
  };
}
