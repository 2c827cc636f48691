import { spawn } from 'node:child_process';
import { githubActionsClaims } from '#identity/emulator/development-issuer.ts';
import type { TokenClaims } from '#identity/emulator/platform-claims.ts';
import { PROGRAM } from './server-process.ts';
import type { Site } from './site.ts';

const DEADLINE_MS = 60_000;

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningCommand {
  pid: number;
  output(): string;
  signal(signal: NodeJS.Signals): void;
  end: Promise<Finished>;
}

/** The command line in a process of its own, with this environment and nothing else. */
export function startCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input = '',
): RunningCommand {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: 'pipe',
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return {
    pid: child.pid ?? 0,
    output: () => stdout + stderr,
    signal: (signal) => void child.kill(signal),
    end: new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr }))),
  };
}

export function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input?: string,
): Promise<Finished> {
  return startCommand(args, env, input).end;
}

/** The environment of a job on GitHub: where to ask for its token, and nothing else that is secret. */
export function githubJob(site: Site, overrides: TokenClaims = {}): Record<string, string> {
  const { requestUrl, requestToken } = site.issuer.registerJob({
    platform: 'github-actions',
    claims: githubActionsClaims(overrides),
  });
  return {
    GITHUB_ACTIONS: 'true',
    ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    VOUCHGATE_URL: site.url,
    HOME: site.home,
  };
}
