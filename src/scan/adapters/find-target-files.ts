import { opendirSync } from 'node:fs';
import path from 'node:path';

const ENTRIES_MAX = 500_000;
const DEPTH_MAX = 40;
const FILES_MAX = 10_000;
/** Other people's files, and what tools leave behind. */
const SKIPPED = new Set(['.git', 'node_modules', 'vendor', '.terraform', '.venv', 'venv', '__pycache__']);

/** Files below a folder by their name, without following links; within bounds, nearest to the top first. */
export function findTargetFiles(root: string, matches: (name: string) => boolean): string[] {
  const found: string[] = [];
  const folders = [{ relative: '', depth: 0 }];
  let entries = 0;
  for (let next = folders.shift(); next !== undefined; next = folders.shift()) {
    for (const entry of readFolder(path.join(root, next.relative))) {
      entries += 1;
      if (entries > ENTRIES_MAX || found.length >= FILES_MAX) return found;
      const relative = path.posix.join(next.relative, entry.name);
      if (matches(entry.name)) found.push(relative);
      if (entry.isDirectory() && next.depth < DEPTH_MAX && !SKIPPED.has(entry.name))
        folders.push({ relative, depth: next.depth + 1 });
    }
  }
  return found;
}

function* readFolder(folder: string) {
  let directory: ReturnType<typeof opendirSync>;
  try {
    directory = opendirSync(folder);
  } catch {
    // The tool will say what it cannot read.
    return;
  }
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      if (!entry.isSymbolicLink()) yield entry;
    }
  } finally {
    directory.closeSync();
  }
}
