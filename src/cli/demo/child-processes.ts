import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../bin/vouchgate.js', import.meta.url));
const RUN_TIMEOUT_MS = 60_000;

export interface Finished {
  code: number | null;
  /** What a person would have seen, in the order in which it came. */
  output: string;
}

export type DemoEnvironment = Readonly<Record<string, string>>;

/** The real program in a process of its own, with the environment that a job would have and nothing else. */
function start(args: readonly string[], env: DemoEnvironment): ChildProcess {
  const base = { PATH: process.env['PATH'] ?? '', HOME: env['XDG_CONFIG_HOME'] ?? '/nonexistent' };
  return spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...base, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export function runVouchgate(args: readonly string[], env: DemoEnvironment): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = start(args, env);
    const timer = setTimeout(() => child.kill(), RUN_TIMEOUT_MS);
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

export interface DemoServer {
  greeting: string;
  stop(): Promise<void>;
}

/** Starts `vouchgate up` and waits for its greeting. */
export function startVouchgate(args: readonly string[], env: DemoEnvironment): Promise<DemoServer> {
  return new Promise((resolve, reject) => {
    const child = start(args, env);
    let stdout = '';
    let stderr = '';
    const exited = new Promise<void>((done) => child.once('exit', () => done()));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-4_000)));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (!stdout.includes('vouchgate login')) return;
      resolve({
        greeting: stdout,
        async stop() {
          child.kill('SIGTERM');
          await exited;
        },
      });
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`vouchgate up ended with ${code}:\n${stderr}`)));
  });
}
