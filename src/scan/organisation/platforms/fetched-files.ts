import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { recognisePath } from '#pipeline/read-file.ts';
import { defaultYamlLimits } from '#pipeline/yaml/parse.ts';

const SETTINGS = /^(?:\.vouchgate\.ya?ml|(?:\.github\/)?zizmor\.ya?ml|\.github\/workflows\/actions\.lock)$/;

/** Of one repository. */
export const FETCHED_FILES_MAX = 500;
export const FETCHED_BYTES_MAX = defaultYamlLimits.charactersMax * 4;

/** Files that a scan of one repository reads, by the names that its platform gives. */
export function isWanted(file: string): boolean {
  const parts = file.split('/');
  const plain = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/^\.git$/i.test(part));
  return plain && !/[\0\\]/.test(file) && (SETTINGS.test(file) || recognisePath(file) !== undefined);
}

/** Starts a repository's folder anew: a file that is gone from the repository must be gone here. */
export function emptyFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

export function writeFetched(folder: string, file: string, text: string): void {
  const target = path.join(folder, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text, { flag: 'wx' });
}

/** Where the files of a repository go; its name came from the platform. */
export function folderOf(top: string, name: string): string {
  const parts = name.split('/').map((part) => part.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+$/, '_'));
  return path.join(top, ...parts);
}
