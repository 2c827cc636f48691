import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '#core/errors.ts';
import { eventually, findFreePort } from '#test/e2e/harness/wait.ts';

const MOTO = 'moto[server]==5.2.5';
const INSTALL_TIMEOUT_MS = 240_000;
const START_TIMEOUT_MS = 60_000;

const folder = join(homedir(), '.cache', 'vouchgate', 'peers', 'moto');
const program = join(folder, 'bin', 'moto_server');

/** Installed once into the user's cache; a text says why it cannot be had. */
export function installMoto(): { program: string } | { missing: string } {
  if (existsSync(program)) return { program };
  try {
    mkdirSync(folder, { recursive: true });
    const options = { stdio: 'pipe', timeout: INSTALL_TIMEOUT_MS } as const;
    execFileSync('python3', ['-m', 'venv', folder], options);
    execFileSync(
      join(folder, 'bin', 'pip'),
      ['install', '--quiet', '--disable-pip-version-check', MOTO],
      options,
    );
    return { program };
  } catch (error) {
    return { missing: messageOf(error).split('\n', 1)[0] ?? 'unknown' };
  }
}

export interface MotoServer {
  url: string;
  stop(): Promise<void>;
}

export async function startMoto(command: string): Promise<MotoServer> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const child: ChildProcess = spawn(command, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  try {
    await eventually('moto answers', START_TIMEOUT_MS, async () => {
      if (child.exitCode !== null) throw new Error(`moto ended with ${child.exitCode}`);
      const answer = await fetch(`${url}/moto-api/`).catch(() => undefined);
      return answer?.ok === true ? true : undefined;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}
