import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findTargetFiles } from './find-target-files.ts';

const FILE_BYTES_MAX = 10_000_000;

function addFile(file: string, name: string, digest: ReturnType<typeof createHash>): void {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats?.isFile() !== true || stats.size > FILE_BYTES_MAX) return;
  digest.update(`${name}\0${stats.size}\0`);
  digest.update(readFileSync(file));
}

/**
 * A digest of the rules that a tool was given, so that a later run can be compared: `sha256:…` over the files, or the
 * name itself where the rules are no file (a rule set of a registry). Undefined when it was given none.
 */
export function hashRulePack(cwd: string, names: readonly string[]): string | undefined {
  const digest = createHash('sha256');
  const elsewhere: string[] = [];
  let known = false;
  for (const name of names) {
    const absolute = path.resolve(cwd, name);
    const stats = lstatSync(absolute, { throwIfNoEntry: false });
    if (stats === undefined) {
      // A default name that is not there is no rule set.
      if (!path.basename(name).startsWith('.')) elsewhere.push(name);
      continue;
    }
    known = true;
    const files = stats.isDirectory() ? findTargetFiles(absolute, () => true).toSorted() : [''];
    for (const file of files) addFile(path.join(absolute, file), path.posix.join(name, file), digest);
  }
  if (known) return `sha256:${digest.digest('hex')}`;
  return elsewhere.length === 0 ? undefined : elsewhere.join(' ');
}
