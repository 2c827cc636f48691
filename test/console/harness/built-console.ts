import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.join(import.meta.dirname, '..', '..', '..');
const CACHE = path.join(ROOT, 'node_modules', '.cache', 'vouchgate-console');
const VITE = path.join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
const SKIPPED = new Set(['dist', 'coverage', 'node_modules']);
const BUILD_TIMEOUT_MS = 120_000;
const KEPT_MS = 3_600_000;

/** What the build depends on: the console's own files, and the versions of all packages. */
async function digestSources(): Promise<string> {
  const digest = createHash('sha256').update(await readFile(path.join(ROOT, 'package-lock.json')));
  const folder = path.join(ROOT, 'console');
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = files
    .filter((file) => file.isFile())
    .map((file) => path.relative(folder, path.join(file.parentPath, file.name)))
    .filter((name) => !SKIPPED.has(name.split(path.sep)[0] ?? ''));
  for (const name of names.toSorted()) digest.update(name).update(await readFile(path.join(folder, name)));
  return digest.digest('hex').slice(0, 16);
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const folder = path.join(CACHE, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > KEPT_MS) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Folder of the built console, as it is shipped. It is built once for the same sources, whichever test file comes
 * first; two that come at the same time build it both, and one of them wins.
 */
export async function buildConsole(): Promise<string> {
  const folder = path.join(CACHE, await digestSources());
  if (existsSync(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  await removeOld();
  const made = `${folder}.${process.pid}`;
  const args = [VITE, 'build', path.join(ROOT, 'console'), '--outDir', made, '--logLevel', 'error'];
  // As it is shipped: tests run with another NODE_ENV, by which React would be its slow self.
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, args, { cwd: ROOT, timeout: BUILD_TIMEOUT_MS, env });
  await rename(made, folder).catch(async (error: unknown) => {
    if (!existsSync(folder)) throw error;
    await rm(made, { recursive: true, force: true });
  });
  return folder;
}
