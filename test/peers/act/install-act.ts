import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findPostgres } from '#cli/local-postgres/find-postgres.ts';

const VERSION = 'v0.2.89';
const BUILD_MS_MAX = 10 * 60_000;

export type Act = { path: string } | { missing: string };

/**
 * The runner `act`, built once from its sources by way of the Go module proxy (whose checksum database says
 * that everybody gets the same sources) and kept in the user's cache.
 */
export function installAct(): Act {
  const cache = join(homedir(), '.cache', 'vouchgate', 'peers');
  const folder = join(cache, `act-${VERSION}`);
  const path = join(folder, process.platform === 'win32' ? 'act.exe' : 'act');
  if (existsSync(path)) return { path };
  if (findPostgres() === undefined) return { missing: 'there is no PostgreSQL for the job to read' };
  if (spawnSync('go', ['version']).status !== 0) return { missing: `there is no go to build act ${VERSION}` };
  const building = `${folder}.${process.pid}`;
  mkdirSync(building, { recursive: true });
  process.stderr.write(`building act ${VERSION}, which takes a few minutes the first time\n`);
  const build = spawnSync('go', ['install', `github.com/nektos/act@${VERSION}`], {
    cwd: cache,
    env: { ...process.env, GOBIN: building },
    encoding: 'utf8',
    timeout: BUILD_MS_MAX,
  });
  if (build.status !== 0) {
    rmSync(building, { recursive: true, force: true });
    const [reason = 'no output'] = build.stderr.trim().split('\n').slice(-1);
    return { missing: `act ${VERSION} could not be built: ${build.error?.message ?? reason}` };
  }
  // Another run may have finished first: its copy is as good.
  if (!existsSync(path)) renameSync(building, folder);
  else rmSync(building, { recursive: true, force: true });
  return { path };
}
