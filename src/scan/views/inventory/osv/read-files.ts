import { type Dirent, opendirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { readZip, ZipError } from '#core/read-zip.ts';
import { readOwnFile } from '../../../read-own-file.ts';
import { Advisory } from '../advisory.ts';

const FILES_MAX = 200_000;
const DEPTH_MAX = 4;
const ARCHIVE_BYTES_MAX = 500_000_000;

/** Advisories, wherever they come from. */
export interface ReadAdvisories {
  readonly advisories: readonly Advisory[];
  /** Files and answers that are no advisory, or that no scanner should open. */
  readonly unreadable: number;
}

/** JSON files below a folder, at most 200,000 and four deep; or the one file. */
export function listJsonFiles(folder: string): string[] {
  if (statSync(folder).isFile()) return [folder];
  const files: string[] = [];
  const open = [{ folder, depth: 0 }];
  for (let next = open.pop(); next !== undefined && files.length < FILES_MAX; next = open.pop()) {
    const directory = opendirSync(next.folder);
    for (let entry: Dirent | null = directory.readSync(); entry !== null; entry = directory.readSync()) {
      const file = path.join(next.folder, entry.name);
      if (entry.isDirectory() && next.depth < DEPTH_MAX) open.push({ folder: file, depth: next.depth + 1 });
      else if (entry.isFile() && entry.name.endsWith('.json') && files.length < FILES_MAX) files.push(file);
    }
    directory.closeSync();
  }
  return files;
}

/** Undefined for what is no advisory, or cannot be read. */
export function readAdvisory(read: () => string): Advisory | undefined {
  try {
    return Advisory.safeParse(JSON.parse(read())).data;
  } catch {
    return undefined;
  }
}

/** Texts of advisories: of a folder, of the archive that OSV hands out for each ecosystem, or of one file. */
function listTexts(place: string): (() => string)[] {
  if (!place.endsWith('.zip')) return listJsonFiles(place).map((file) => () => readOwnFile(file) ?? '');
  if (statSync(place).size > ARCHIVE_BYTES_MAX) {
    throw new ZipError('zip_too_large', `${place} has more than ${ARCHIVE_BYTES_MAX} bytes`, {
      remedy: 'Unpack it, and give the folder instead.',
    });
  }
  return readZip(readFileSync(place))
    .filter(({ name }) => name.endsWith('.json'))
    .map((entry) => () => entry.read().toString('utf8'));
}

/**
 * Advisories in the OSV format, one a JSON file: from a folder with at most 200,000 of them, from a zip archive, or one
 * alone. Throws when it is not there.
 * @throws ZipError when the archive is damaged or too large.
 */
export function readOsvFiles(place: string): ReadAdvisories {
  const texts = listTexts(place);
  const advisories = texts.flatMap((read) => readAdvisory(read) ?? []);
  return { advisories, unreadable: texts.length - advisories.length };
}
