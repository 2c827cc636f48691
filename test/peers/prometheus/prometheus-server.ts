import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const cache = join(homedir(), '.cache', 'vouchgate', 'peers', 'prometheus');
const FETCH_MS = 300_000;
const START_MS = 20_000;
const STOP_MS = 5_000;

export type Installed = { promtool: string; prometheus: string } | { missing: string };

/** Debian's package, unpacked into the user's cache: nothing is installed, and no right of root is needed. */
export function installPrometheus(): Installed {
  const bin = join(cache, 'root', 'usr', 'bin');
  const installed = { promtool: join(bin, 'promtool'), prometheus: join(bin, 'prometheus') };
  if (existsSync(installed.promtool) && existsSync(installed.prometheus)) return installed;
  try {
    mkdirSync(cache, { recursive: true });
    process.stderr.write('fetching prometheus from Debian, which takes a minute the first time\n');
    const options = { cwd: cache, stdio: 'pipe', timeout: FETCH_MS } as const;
    execFileSync('apt-get', ['download', 'prometheus'], options);
    for (const name of readdirSync(cache).filter((each) => each.endsWith('.deb')))
      execFileSync('dpkg', ['-x', name, join(cache, 'root')], options);
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
  return existsSync(installed.prometheus) ? installed : { missing: 'Debian’s package has no prometheus' };
}

export interface RunningPrometheus {
  url: string;
  output: () => string;
  stop(): Promise<void>;
}

/** Ready to answer when it resolves; in a process group of its own. */
export async function startPrometheus(
  program: string,
  configuration: string,
  data: string,
  port: number,
): Promise<RunningPrometheus> {
  const address = `127.0.0.1:${port}`;
  const child = spawn(
    program,
    [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=${address}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: { HOME: data, GOMAXPROCS: '1' } },
  );
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = `${output}${chunk.toString()}`.slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const cutOff = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(cutOff);
  };
  const url = `http://${address}`;
  for (const endsAt = performance.now() + START_MS; performance.now() < endsAt; await delay(100)) {
    const ready = await fetch(`${url}/-/ready`).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (ready) return { url, output: () => output, stop };
    if (child.exitCode !== null) break;
  }
  await stop();
  throw new Error(`prometheus did not get ready:\n${output}`);
}
