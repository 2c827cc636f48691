import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findPostgres } from '#cli/local-postgres/find-postgres.ts';

const NAME = 'gitlab-ci-local';
const VERSION = '4.75.1';
const INTEGRITY =
  'sha512-ArmGX576uKqTgs4PMCH3FNPED+JhxDLb2Ocb893+aY88RA2sx9gP6L7GvpuHQJkFJRvA5KSq9fD0yyRLaLEydw==';
const INSTALL_MS_MAX = 120_000;

export type GitlabCiLocal = { path: string } | { missing: string };

/** A lock file, so that npm refuses anything but the bytes that were looked at. */
function lockFile(): string {
  const dependencies = { [NAME]: VERSION };
  const packages = {
    '': { dependencies },
    [`node_modules/${NAME}`]: { version: VERSION, integrity: INTEGRITY },
  };
  return JSON.stringify({ name: 'peers', lockfileVersion: 3, requires: true, packages });
}

/** What runs GitLab's jobs without a GitLab, from the registry once and then from the user's cache. */
export function installGitlabCiLocal(): GitlabCiLocal {
  if (findPostgres() === undefined) return { missing: 'there is no PostgreSQL for the job to read' };
  const cache = join(homedir(), '.cache', 'vouchgate', 'peers');
  const folder = join(cache, `${NAME}-${VERSION}`);
  const path = join(folder, 'node_modules', NAME, 'dist', 'index.js');
  if (existsSync(path)) return { path };
  const installing = `${folder}.${process.pid}`;
  mkdirSync(installing, { recursive: true });
  writeFileSync(join(installing, 'package.json'), JSON.stringify({ dependencies: { [NAME]: VERSION } }));
  writeFileSync(join(installing, 'package-lock.json'), lockFile());
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=0', '--loglevel=error'];
  const install = spawnSync('npm', args, { cwd: installing, encoding: 'utf8', timeout: INSTALL_MS_MAX });
  if (install.status === 0 && !existsSync(path)) renameSync(installing, folder);
  else rmSync(installing, { recursive: true, force: true });
  if (existsSync(path)) return { path };
  const reason = install.error?.message ?? install.stderr.trim().split('\n').at(0);
  return { missing: `${NAME} ${VERSION} could not be installed: ${reason}` };
}
