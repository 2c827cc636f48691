import { createHash, type Hash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '#core/errors.ts';
import { defaultYamlLimits } from '#pipeline/yaml/parse.ts';
import type { FoundFile } from '../discover.ts';
import { findAzureTemplates, mayUseTemplates } from '../azure-templates.ts';
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
function mayPublish(root: string, texts: readonly TextFile[]): boolean {
  return texts.some(({ file }) => file === '.gitlab-ci.yml') && existsSync(path.join(root, 'templates'));
}

interface TextFile {
  /** Relative to the root of its repository. */
  readonly file: string;
  readonly text: string;
}

/** What files name others, and those of them that are there. */
interface Named {
  readonly names: boolean;
  readonly files: readonly TextFile[];
}

function findNamed(root: string, texts: readonly TextFile[]): Named {
  const included = findIncluded(root, texts);
  const names = included.asked > 0 || mayPublish(root, texts) || texts.some(mayUseTemplates);
  return { names, files: names ? [...included.found, ...findAzureTemplates(root, texts)] : [] };
}

/** Whether settings may be made of other files; YAML can write the word otherwise with a backslash. */
function extendsOthers(folder: string): boolean {
  return ['.vouchgate.yml', '.vouchgate.yaml'].some((name) =>
    /extends|\\/.test(attempt(() => readOwnFile(path.join(folder, name)) ?? '')),
  );
}

export interface ContentHash {
  readonly key: string;
  /** Whether definitions name others, which may lie anywhere in the repository. */
  readonly namesDefinitions: boolean;
  /** Whether settings name others, which may have any name. */
  readonly namesSettings: boolean;
}

function addSettings(hash: Hash, root: string, folder: string): void {
  const settings = attempt(() => JSON.stringify(readScanSettings(folder)));
  if (settings !== '{}') add(hash, `settings ${path.relative(root, folder)}`, settings);
  for (const name of OTHER_FILES) {
    const text = attempt(() => readOwnFile(path.join(folder, name)) ?? '');
    if (text !== '') add(hash, path.relative(root, path.join(folder, name)), text);
  }
}

/**
 * Hash of everything in a repository's files that findings follow from. `known` is the last one: files that named no
 * others then name none now, so that they need not be read for it again.
 */
export function hashContent(root: string, found: readonly FoundFile[], known = ''): ContentHash {
  const hash = createHash('sha256');
  const texts = found.map((each) => {
    const text = attempt(() => readDefinition(each.path));
    add(hash, path.relative(root, each.path), text);
    return { root: each.root, file: each.file, text };
  });
  const roots = Map.groupBy(texts, (each) => each.root);
  const folders = [...new Set([root, ...roots.keys()])];
  for (const folder of folders) addSettings(hash, root, folder);
  const own = hash.digest('hex');
  const publishes = [...roots].some(([folder, files]) => mayPublish(folder, files));
  const isAlone = !publishes && known === `${own}.${NONE}`;
  const named = isAlone ? [] : [...roots].map(([folder, files]) => findNamed(folder, files));
  const namesSettings = folders.some(extendsOthers);
  const namesDefinitions = named.some(({ names }) => names);
  if (!namesDefinitions) return { key: `${own}.${NONE}`, namesDefinitions, namesSettings };
  const words = named.flatMap(({ files }) => files.flatMap(({ file, text }) => [file, text]));
  return { key: `${own}.${hashWords(words)}`, namesDefinitions, namesSettings };
}

/** Hash of a few words: settings of a scan, keys of neighbours. */
export function hashWords(words: readonly string[]): string {
  const hash = createHash('sha256');
  for (const word of words) add(hash, '', word);
  return hash.digest('hex');
}

/** What a key begins with: the settings of the scan, what the repository is called, and what the platform said of it. */
export function settingsMark({ address = '', settings = {} }: RepositoryEntry, settingsKey: string): string {
  return `${settingsKey}:${hashWords([JSON.stringify(settings), address]).slice(0, 8)}:`;
}

/** The key of a record: a repository with another one has to be looked at. */
export function keyOf(entry: RepositoryEntry, contentKey: string, settingsKey: string): string {
  return `${settingsMark(entry, settingsKey)}${contentKey}`;
}
