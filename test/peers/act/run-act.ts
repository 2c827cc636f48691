import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROGRAM } from '../../e2e/harness/server-process.ts';
import { CHECKOUT, makeProgramPath, makeRepository } from './sample-repository.ts';

const WORKFLOW = fileURLToPath(new URL('./repository/deploy.yml', import.meta.url));
/** What the sample workflow pins; `act` is told that it stands for this checkout's action. */
const ACTION = 'acme/vouchgate@0123456789012345678901234567890123456789';
const RUN_MS_MAX = 120_000;
const LOG_CHARS_MAX = 5_000_000;

/** A repository with the sample workflow, a machine to run it on, and the action. */
export interface Bench {
  repository: string;
  /** Everything that `act` writes: workspaces, command files, caches. */
  home: string;
  action: string;
  /** Of the machine. */
  path: string;
}

export interface JobResult {
  code: number | null;
  log: string;
}

export async function prepareBench(folder: string): Promise<Bench> {
  const repository = join(folder, 'repository');
  const home = join(folder, 'home');
  const action = join(folder, 'vouchgate');
  await mkdir(home);
  await cp(join(CHECKOUT, 'action'), join(action, 'action'), { recursive: true });
  await makeRepository(repository, 'https://github.com/acme/shop.git', {
    '.github/workflows/deploy.yml': WORKFLOW,
  });
  const bin = join(folder, 'bin');
  const path = await makeProgramPath(bin);
  await symlink(PROGRAM, join(bin, 'vouchgate'));
  return { repository, home, action, path };
}

export interface JobOptions {
  act: string;
  bench: Bench;
  event: 'push' | 'pull_request';
  job: 'by-action' | 'by-command';
  serverUrl: string;
  /** What GitHub's runner sets beside what `act` does: where the job asks for its token. */
  platform: { requestUrl: string; requestToken: string };
  /** False for a runner that hides nothing. */
  masked?: boolean;
}

/** One job of the sample workflow on a self-hosted runner. Its log is what anybody with access to the run reads. */
export function runJob(options: JobOptions): Promise<JobResult> {
  const { act, bench, event, job, platform } = options;
  // GitHub's runner hides the token of its own endpoint from logs; `act` has to be told that it is a secret.
  const args = [
    event,
    `--job=${job}`,
    '--strict',
    '--platform=ubuntu-latest=-self-hosted',
    '--no-cache-server',
    `--action-cache-path=${join(bench.home, 'act')}`,
    `--local-repository=${ACTION}=${bench.action}`,
    `--var=VOUCHGATE_URL=${options.serverUrl}`,
    `--env=ACTIONS_ID_TOKEN_REQUEST_URL=${platform.requestUrl}`,
    `--env=ACTIONS_ID_TOKEN_REQUEST_TOKEN=${platform.requestToken}`,
    `--secret=PLATFORM_REQUEST_TOKEN=${platform.requestToken}`,
    ...(options.masked === false ? ['--insecure-secrets'] : []),
  ];
  const child = spawn(act, args, {
    cwd: bench.repository,
    env: { PATH: bench.path, HOME: bench.home },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: RUN_MS_MAX,
  });
  let log = '';
  const keep = (text: string) => {
    if (log.length < LOG_CHARS_MAX) log += text;
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, log }));
  });
}

/** Every file below, as text, with its path: for a search. Links lead out of what is asked about. */
export async function readTree(folder: string): Promise<{ path: string; text: string }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return { path, text: await readFile(path, 'latin1') };
    }),
  );
}
