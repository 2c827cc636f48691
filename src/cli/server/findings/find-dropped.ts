import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ReportTarget } from '#findings/tracking/scope.ts';

/** Names in the drop folder that are ours. */
export const RESERVED = { taken: '.taken', done: 'done', failed: 'failed', origin: '.origin' } as const;

/** A report that somebody put there. */
export interface Dropped extends ReportTarget {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly repository?: string;
  readonly commit?: string;
  /** Changes as long as somebody writes it. */
  readonly mark: string;
}

const FILES_MAX = 1_000;
const FOLDERS_MAX = 5_000;
const DEPTH_MAX = 10;
/** As programs call what they have not finished. */
const UNFINISHED = /^\.|~$|\.(?:part|partial|tmp|temp|crdownload|filepart|swp)$/i;
const TARGET = /^(branch|image|part|commit)=(.+)$/;

/** `acme/shop/branch=main/report.json`: folders are the repository, and those with `=` say what was looked at. */
function readPath(file: string): Omit<Dropped, 'mark'> {
  const folders = file.split('/').slice(0, -1);
  const names = folders.filter((each) => !TARGET.test(each));
  const target: { branch?: string; image?: string; part?: string; commit?: string } = {};
  for (const folder of folders) {
    const [, key, value] = TARGET.exec(folder) ?? [];
    // A `/` of a branch cannot stand in the name of a folder.
    const text = value?.replaceAll('%2F', '/').replaceAll('%2f', '/');
    if (text === undefined) continue;
    if (key === 'branch') target.branch = text;
    else if (key === 'image') target.image = text;
    else if (key === 'part') target.part = text;
    else if (key === 'commit') target.commit = text;
  }
  return { path: file, ...target, ...(names.length > 0 && { repository: names.join('/') }) };
}

/** Plain files below a folder that look finished; links and what is ours are passed over. At most 1,000 at a time. */
export async function findDropped(root: string): Promise<Dropped[]> {
  const found: Dropped[] = [];
  const folders: { name: string; depth: number }[] = [{ name: '', depth: 0 }];
  for (let index = 0; index < folders.length && index < FOLDERS_MAX; index += 1) {
    const { name = '', depth = 0 } = folders[index] ?? {};
    const entries = await readdir(path.join(root, name), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = name === '' ? entry.name : `${name}/${entry.name}`;
      if (UNFINISHED.test(entry.name) || found.length >= FILES_MAX) continue;
      const ours = name === '' && (entry.name === RESERVED.done || entry.name === RESERVED.failed);
      if (entry.isDirectory() && !ours && depth < DEPTH_MAX) folders.push({ name: file, depth: depth + 1 });
      if (!entry.isFile()) continue;
      const stats = await lstat(path.join(root, file)).catch(() => undefined);
      if (stats?.isFile() !== true) continue;
      found.push({ ...readPath(file), mark: `${stats.ino} ${stats.size} ${stats.mtimeMs}` });
    }
  }
  return found;
}
