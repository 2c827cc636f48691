import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const INSTALL_MS_MAX = 10 * 60_000;

export type Scanner = { readonly path: string; readonly version: string } | { readonly missing: string };

const cache = join(homedir(), '.cache', 'vouchgate', 'peers');

function runInstaller(command: string, args: readonly string[], env = process.env): string | undefined {
  const result = spawnSync(command, args, { cwd: cache, env, encoding: 'utf8', timeout: INSTALL_MS_MAX });
  if (result.status === 0) return undefined;
  const lines = (result.stderr ?? '').trim().split('\n');
  return result.error?.message ?? lines.findLast((line) => line !== '') ?? 'it said nothing';
}

/** From the Python package index, in a virtual environment of its own in the user's cache. */
export function installFromPython(name: string, version: string, program = name): Scanner {
  const folder = join(cache, `${name}-${version}`);
  const path = join(folder, 'bin', program);
  if (existsSync(path)) return { path, version };
  mkdirSync(cache, { recursive: true });
  process.stderr.write(`installing ${name} ${version}, which takes a minute the first time\n`);
  // A virtual environment knows its own path: it cannot be made elsewhere and moved.
  const failure =
    runInstaller('python3', ['-m', 'venv', folder]) ??
    runInstaller(join(folder, 'bin', 'pip'), [
      'install',
      '--quiet',
      '--disable-pip-version-check',
      `${name}==${version}`,
    ]);
  if (failure === undefined && existsSync(path)) return { path, version };
  rmSync(folder, { recursive: true, force: true });
  return { missing: `${name} ${version} could not be installed: ${failure ?? 'it has no program'}` };
}

/** Built from its sources by way of the Go module proxy, whose checksum database says that everybody gets the same. */
export function installFromGo(module: string, version: string): Scanner {
  // A major version is no name: `…/gitleaks/v8` builds `gitleaks`.
  const name = module.replace(/\/v\d+$/, '').replace(/^.*\//, '');
  const folder = join(cache, `${name}-${version}`);
  const path = join(folder, process.platform === 'win32' ? `${name}.exe` : name);
  if (existsSync(path)) return { path, version };
  const building = `${folder}.${process.pid}`;
  mkdirSync(building, { recursive: true });
  process.stderr.write(`building ${name} ${version}, which takes a minute the first time\n`);
  const failure = runInstaller('go', ['install', `${module}@${version}`], {
    ...process.env,
    GOBIN: building,
  });
  if (failure === undefined && !existsSync(path)) renameSync(building, folder);
  rmSync(building, { recursive: true, force: true });
  return failure === undefined
    ? { path, version }
    : { missing: `${name} ${version} could not be built: ${failure}` };
}

/** A program that lies ready inside of a package of npm; its scripts are not run. */
export function installFromNpm(name: string, version: string, program: string): Scanner {
  const folder = join(cache, `${name.replace(/^@/, '').replaceAll('/', '-')}-${version}`);
  const path = join(folder, 'node_modules', name, program);
  if (existsSync(path)) return { path, version };
  const building = `${folder}.${process.pid}`;
  mkdirSync(building, { recursive: true });
  process.stderr.write(`installing ${name} ${version}, which takes a minute the first time\n`);
  const failure = runInstaller('npm', [
    'install',
    '--prefix',
    building,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--force',
    `${name}@${version}`,
  ]);
  if (failure === undefined && existsSync(join(building, 'node_modules', name, program)))
    renameSync(building, folder);
  rmSync(building, { recursive: true, force: true });
  return existsSync(path)
    ? { path, version }
    : { missing: `${name} ${version} could not be installed: ${failure ?? `it has no ${program}`}` };
}
