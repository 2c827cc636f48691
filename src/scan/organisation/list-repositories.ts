import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '#core/errors.ts';
import { recognisePath } from '#pipeline/read-file.ts';
import { OrganisationError } from './organisation-error.ts';
import type { RepositoryEntry, RepositoryPlace } from './record.ts';
import { readAddress } from './repository-address.ts';

export interface RepositoryList {
  /** In order of their names. */
  readonly entries: readonly RepositoryEntry[];
}

/** Groups in groups; deeper ones are not looked into. */
const DEPTH_MAX = 6;
const ENTRIES_MAX = 1_000_000;
const LIST_BYTES_MAX = 64 * 1_048_576;

/** Folders that platforms keep their definitions in, at the top of a repository. */
const DEFINITION_FOLDERS = [
  '.github',
  '.gitlab',
  '.gitea',
  '.forgejo',
  '.circleci',
  '.woodpecker',
  '.tekton',
  '.azure-pipelines',
];

function isBare(names: ReadonlyMap<string, Dirent>): boolean {
  return names.get('objects')?.isDirectory() === true && (names.has('HEAD') || names.has('refs'));
}

function hasDefinitions(names: ReadonlyMap<string, Dirent>): boolean {
  const folder = DEFINITION_FOLDERS.some((name) => names.get(name)?.isDirectory() === true);
  return (
    folder || [...names.values()].some((entry) => entry.isFile() && recognisePath(entry.name) !== undefined)
  );
}

/** What a folder is; undefined when it is no repository, but may hold some. */
function placeOf(folder: string, names: ReadonlyMap<string, Dirent>): RepositoryPlace | undefined {
  const git = names.get('.git');
  // A clone without its files (`--no-checkout`) has only what HEAD says.
  if (git?.isDirectory() === true && names.size === 1) {
    return { kind: 'git', gitFolder: path.join(folder, '.git') };
  }
  if (git !== undefined || hasDefinitions(names)) return { kind: 'work-tree', folder };
  if (isBare(names) || (folder.endsWith('.git') && !names.has('.git')))
    return { kind: 'git', gitFolder: folder };
  return undefined;
}

/** `owner__name.git` and `owner/name` are the same in a folder of clones. */
function nameOf(relative: string): string {
  const plain = relative.replace(/(?:\/\.git|\.git)$/, '');
  return plain.includes('/') ? plain : plain.replace('__', '/');
}

function gitFolderOf(place: RepositoryPlace): string | undefined {
  if (place.kind === 'git') return place.gitFolder;
  return place.kind === 'work-tree' ? path.join(place.folder, '.git') : undefined;
}

class Lister {
  readonly entries: RepositoryEntry[] = [];
  readonly #names = new Set<string>();
  #seen = 0;

  add(relative: string, place: RepositoryPlace): void {
    const name = this.#names.has(nameOf(relative)) ? relative : nameOf(relative);
    if (this.#names.has(name)) return;
    this.#names.add(name);
    this.entries.push({ name, address: readAddress(gitFolderOf(place), name), place });
  }

  /** Repositories at or below a folder; a link is not followed, and one that could be a repository is said. */
  visit(top: string, relative: string, depth: number): void {
    const folder = path.join(top, relative);
    let names: Map<string, Dirent>;
    try {
      names = new Map(readdirSync(folder, { withFileTypes: true }).map((entry) => [entry.name, entry]));
    } catch (error) {
      this.add(relative, { kind: 'missing', reason: `the folder cannot be read (${messageOf(error)})` });
      return;
    }
    this.#seen += names.size;
    const place = placeOf(folder, names);
    if (place !== undefined) this.add(relative === '' ? path.basename(top) : relative, place);
    else if (depth < DEPTH_MAX && this.#seen <= ENTRIES_MAX) this.#descend(top, relative, names, depth);
  }

  #descend(top: string, relative: string, names: ReadonlyMap<string, Dirent>, depth: number): void {
    for (const [name, entry] of names) {
      const inner = relative === '' ? name : `${relative}/${name}`;
      if (entry.isDirectory()) this.visit(top, inner, depth + 1);
      else if (entry.isSymbolicLink()) {
        this.add(inner, { kind: 'missing', reason: 'it is a symbolic link, which is not followed' });
      }
    }
  }
}

function candidatesOf(line: string): string[] {
  const parts = line.split('/');
  const flat = parts.length === 2 ? [parts.join('__')] : [];
  return [line, ...flat].flatMap((each) => [each, `${each}.git`]);
}

/** A name without its folder, for paths that lead out of the list's own folder. */
function shownName(line: string): string {
  const parts = line.split(/[\\/]/).filter((part) => part !== '' && part !== '.' && part !== '..');
  return (path.isAbsolute(line) || line.startsWith('.') ? parts.slice(-2) : parts).join('/');
}

function addLine(line: string, base: string, lister: Lister): void {
  const found = candidatesOf(line)
    .map((each) => path.resolve(base, each))
    .find((each) => lstatSync(each, { throwIfNoEntry: false })?.isDirectory() === true);
  if (found === undefined) {
    lister.add(shownName(line), { kind: 'missing', reason: 'there is no such folder' });
    return;
  }
  const names = new Map(readdirSync(found, { withFileTypes: true }).map((entry) => [entry.name, entry]));
  lister.add(shownName(line), placeOf(found, names) ?? { kind: 'work-tree', folder: found });
}

function readList(file: string, size: number, lister: Lister): void {
  if (size > LIST_BYTES_MAX) {
    throw new OrganisationError('organisation_unreadable', `${file} is larger than ${LIST_BYTES_MAX} bytes`);
  }
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    try {
      addLine(trimmed, path.dirname(file), lister);
    } catch (error) {
      lister.add(shownName(trimmed), { kind: 'missing', reason: messageOf(error) });
    }
  }
}

/**
 * The repositories of a folder of clones (work trees, bare or mirror git directories, `owner/name` or
 * `owner__name`), or of a file that names one a line.
 * @throws OrganisationError when `target` is neither, or names none
 */
export function listRepositories(target: string): RepositoryList {
  const stats = lstatSync(target, { throwIfNoEntry: false });
  const lister = new Lister();
  if (stats?.isDirectory() === true) lister.visit(target, '', 0);
  else if (stats?.isFile() === true) readList(target, stats.size, lister);
  else {
    throw new OrganisationError('organisation_unreadable', `there is no folder or file ${target}`, {
      remedy: 'Give --org a folder of clones, or a text file with one path a line.',
    });
  }
  if (lister.entries.length === 0) {
    throw new OrganisationError('organisation_empty', `there is no repository in ${target}`, {
      remedy: 'Give --org a folder of clones (owner/name, owner__name), bare or with their files.',
    });
  }
  return { entries: lister.entries.toSorted((left, right) => (left.name < right.name ? -1 : 1)) };
}
