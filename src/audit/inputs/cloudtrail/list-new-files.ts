import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** In the order of their arrival on this disk: the time of the last change of the inode, which no copying tool sets. */
export interface FoundFile {
  readonly changedAtMs: number;
  readonly path: string;
  readonly bytes: number;
}

const FOLDERS_MAX = 20_000;
const FILES_MAX = 200_000;
const DEPTH_MAX = 16;
/** A file that changed just now may still be written. */
const SETTLED_MS = 5_000;

export function isAfter(
  file: Pick<FoundFile, 'changedAtMs' | 'path'>,
  place: Pick<FoundFile, 'changedAtMs' | 'path'>,
): boolean {
  return file.changedAtMs === place.changedAtMs
    ? file.path > place.path
    : file.changedAtMs > place.changedAtMs;
}

/** Files of CloudTrail below the folder that arrived after `place`, in their order. Links are not followed. */
export async function listNewFiles(
  folder: string,
  place: Pick<FoundFile, 'changedAtMs' | 'path'>,
  nowMs: number,
): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const waiting = [{ path: folder, depth: 0 }];
  for (let seen = 0; seen < FOLDERS_MAX && found.length < FILES_MAX; seen += 1) {
    const next = waiting.pop();
    if (next === undefined) break;
    for (const entry of await readdir(next.path, { withFileTypes: true })) {
      const path = join(next.path, entry.name);
      if (entry.isDirectory() && next.depth < DEPTH_MAX) waiting.push({ path, depth: next.depth + 1 });
      if (!entry.isFile() || !/\.json(?:\.gz)?$/.test(entry.name) || found.length >= FILES_MAX) continue;
      const { ctimeMs, size } = await lstat(path);
      const file = { changedAtMs: ctimeMs, path, bytes: size };
      if (isAfter(file, place) && ctimeMs < nowMs - SETTLED_MS) found.push(file);
    }
  }
  return found.toSorted((one, other) => (isAfter(one, other) ? 1 : -1));
}
