import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const PROJECT_ROOT = path.join(import.meta.dirname, '..', '..');

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.git', '.vouchgate']);
const LIST_BYTES_MAX = 16 * 1024 * 1024;

function walk(folder: string): string[] {
  return readdirSync(path.join(PROJECT_ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (SKIPPED.has(entry.name)) return [];
    return entry.isDirectory() ? walk(file) : [file];
  });
}

/**
 * Paths from the root, with `/`: what git tracks or would track, so that a new file is checked before it is
 * added; in a copy without git, every file outside of the build folders.
 */
export function listProjectFiles(): string[] {
  try {
    const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: PROJECT_ROOT,
      encoding: 'utf8',
      maxBuffer: LIST_BYTES_MAX,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return [...new Set(list.split('\0').filter((file) => file !== ''))].toSorted();
  } catch {
    return walk('').toSorted();
  }
}

/** Tests and what only they use: suites, fakes, benches. Nothing that is shipped may import these. */
export function isTestFile(file: string): boolean {
  return /\.(?:test|contract|bench|harness|fakes?)\.ts$|\/(?:contract|testing)\//.test(file);
}

/** Empty for a file that was deleted but is still in git's index. */
export function readProjectFile(file: string): string {
  try {
    return readFileSync(path.join(PROJECT_ROOT, file), 'utf8');
  } catch {
    return '';
  }
}
