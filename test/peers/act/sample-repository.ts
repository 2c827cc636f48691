import { execFileSync } from 'node:child_process';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url));
const SCRIPT = fileURLToPath(new URL('./repository/read-orders.mjs', import.meta.url));

/** A git repository with the deploy script, its dependency, and `files`: path in it to path of the original. */
export async function makeRepository(
  folder: string,
  origin: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  // Stands for an `npm ci`.
  await symlink(join(CHECKOUT, 'node_modules', 'pg'), join(folder, 'node_modules', 'pg'));
  for (const [path, original] of Object.entries({ ...files, 'read-orders.mjs': SCRIPT })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await cp(original, join(folder, path));
  }
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'ann');
  git('config', 'user.email', 'ann@acme.example');
  git('remote', 'add', 'origin', origin);
  git('add', '--all');
  git('commit', '--quiet', '--message=Deploy with Vouchgate');
}

/** Directories of a runner's PATH: ours first, with the Node of this process. */
export async function makeProgramPath(folder: string): Promise<string> {
  await mkdir(folder);
  await symlink(process.execPath, join(folder, 'node'));
  return `${folder}:/usr/local/bin:/usr/bin:/bin`;
}
