import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunAs } from './run-as.ts';

function isReachable(binaries: string, runAs: RunAs): boolean {
  const { error } = spawnSync(join(binaries, 'initdb'), ['--version'], {
    ...runAs,
    cwd: '/',
    stdio: 'ignore',
    timeout: 10_000,
  });
  return error === undefined;
}

/**
 * The programs where `runAs` can run them. An embedded PostgreSQL below root's home cannot be entered by any
 * other user, so it is copied beside the cluster; it finds its own parts relative to `bin`.
 */
export async function reachableBinaries(
  binaries: string,
  runAs: RunAs | undefined,
  directory: string,
): Promise<string> {
  const program = dirname(binaries);
  const relocatable = existsSync(join(program, 'lib')) && existsSync(join(program, 'share'));
  if (runAs === undefined || !relocatable || isReachable(binaries, runAs)) return binaries;
  const copy = join(directory, 'program');
  await cp(program, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}
