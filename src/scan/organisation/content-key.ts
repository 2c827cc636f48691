import { createHash, type Hash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '#core/errors.ts';
import { defaultYamlLimits } from '#pipeline/yaml/parse.ts';
import type { FoundFile } from '../discover.ts';
import { findIncluded } from '../included-files.ts';
import { readOwnFile } from '../read-own-file.ts';
import { readScanSettings } from '../scan-settings.ts';
import type { RepositoryEntry } from './record.ts';

/** Beside definitions and settings, these decide about findings. */
const OTHER_FILES = [
  '.github/zizmor.yml',
  '.github/zizmor.yaml',
  'zizmor.yml',
  'zizmor.yaml',
  '.github/workflows/actions.lock',
];

/** The same limit as the scan has: what is not read cannot change what is found. */
const BYTES_MAX = defaultYamlLimits.charactersMax * 4;

function add(hash: Hash, name: string, content: string): void {
  hash.update(`${Buffer.byteLength(name)}:${name}${Buffer.byteLength(content)}:`).update(content);
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch (error) {
    return `unreadable: ${messageOf(error)}`;
  }
}

function readDefinition(file: string): string {
  const { size } = statSync(file);
  return size > BYTES_MAX ? `${size} bytes` : readFileSync(file, 'utf8');
}

/** Stands for the included files of a repository whose own files include none. */
const NONE = 'none';

/** Publishes components, which lie where no other file names them. */
function mayPublish(root: string, texts: readonly { readonly file: string }[]): boolean {
  return texts.some(({ file }) => file === '.gitlab-ci.yml') && existsSync(path.join(root, 'templates'));
}

/**
 * Hash of everything in a repository's files that findings follow from. `known` is the last one: what the same files
 * included then, they include now, so that they need not be read for it again.
 */
export function hashContent(root: string, found: readonly FoundFile[], known = ''): string {
  const hash = createHash('sha256');
  const texts: { file: string; text: string }[] = [];
  for (const each of found) {
    const text = attempt(() => readDefinition(each.path));
    const file = path.relative(root, each.path);
    add(hash, file, text);
    texts.push({ file: file.split(path.sep).join('/'), text });
  }
  for (const folder of new Set([root, ...found.map((each) => each.root)])) {
    const settings = attempt(() => JSON.stringify(readScanSettings(folder)));
    if (settings !== '{}') add(hash, `settings ${path.relative(root, folder)}`, settings);
    for (const name of OTHER_FILES) {
      const text = attempt(() => readOwnFile(path.join(folder, name)) ?? '');
      if (text !== '') add(hash, path.relative(root, path.join(folder, name)), text);
    }
  }
  const own = hash.digest('hex');
  const publishes = mayPublish(root, texts);
  if (!publishes && known === `${own}.${NONE}`) return known;
  const included = findIncluded(root, texts);
  if (!publishes && included.asked === 0) return `${own}.${NONE}`;
  return `${own}.${hashWords(included.found.flatMap(({ file, text }) => [file, text]))}`;
}

/** Hash of a few words: settings of a scan, keys of neighbours. */
export function hashWords(words: readonly string[]): string {
  const hash = createHash('sha256');
  for (const word of words) add(hash, '', word);
  return hash.digest('hex');
}

/** What a key begins with: the settings of the scan, and what the platform said of the repository. */
export function settingsMark({ settings = {} }: RepositoryEntry, settingsKey: string): string {
  return `${settingsKey}:${hashWords([JSON.stringify(settings)]).slice(0, 8)}:`;
}

/** The key of a record: a repository with another one has to be looked at. */
export function keyOf(entry: RepositoryEntry, contentKey: string, settingsKey: string): string {
  return `${settingsMark(entry, settingsKey)}${contentKey}`;
}
