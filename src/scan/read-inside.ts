import { lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Whether a path (relative, with `/`) leads to a folder or plain file inside of `root` without a link on its way: a
 * link leads out of the repository, and what it names may be anybody's.
 */
function leadsTo(root: string, file: string, accepts: 'file' | 'folder', bytesMax: number): boolean {
  const parts = file.split('/');
  if (parts.includes('..') || parts.includes('.git')) return false;
  let at = root;
  return parts.every((part, index) => {
    at = path.join(at, part);
    const stats = lstatSync(at, { throwIfNoEntry: false });
    if (stats === undefined) return false;
    const isLast = index + 1 === parts.length;
    if (!isLast || accepts === 'folder') return stats.isDirectory();
    return stats.isFile() && stats.size <= bytesMax;
  });
}

export function isFolderInside(root: string, folder: string): boolean {
  return leadsTo(root, folder, 'folder', 0);
}

/**
 * Text of a file of the repository that another file names; undefined for what is not there, lies elsewhere, is a
 * link, or has more than `bytesMax` bytes. Throws when it cannot be read.
 */
export function readInside(root: string, file: string, bytesMax: number): string | undefined {
  return leadsTo(root, file, 'file', bytesMax) ? readFileSync(path.join(root, file), 'utf8') : undefined;
}
