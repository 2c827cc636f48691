import { spawnSync } from 'node:child_process';
import { type Dirent, lstatSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '#core/errors.ts';
import type { FoundFile } from '../discover.ts';
import { gitArguments, gitEnvironment } from './git-command.ts';

export interface FileList {
  readonly files: readonly FoundFile[];
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

export interface ListOptions {
  /** Where programs are looked for. */
  readonly searchPath: string | undefined;
  readonly filesMax?: number;
}

const FILES_MAX = 2_000_000;
const DEPTH_MAX = 40;
const GIT_TIMEOUT_MS = 60_000;
const GIT_BYTES_MAX = 512 * 1_048_576;

/** Folders that hold what other people wrote, or what a program made. */
const SKIPPED: ReadonlySet<string> = new Set([
  '.git',
  'node_modules',
  'bower_components',
  'vendor',
  '.venv',
  'venv',
  '.tox',
  '__pycache__',
  '.terraform',
  '.cache',
  '.gradle',
  '.yarn',
]);

function isSkipped(file: string): boolean {
  return file.split('/').some((part) => SKIPPED.has(part));
}

/** Whether a folder lies in a work tree: `.git` is a folder, or a file in a second work tree or a submodule. */
function isInWorkTree(folder: string): boolean {
  for (let at = folder; ; at = path.dirname(at)) {
    if (lstatSync(path.join(at, '.git'), { throwIfNoEntry: false }) !== undefined) return true;
    if (path.dirname(at) === at) return false;
  }
}

/**
 * What git tracks or would add: what is ignored is not part of a repository, and an ignored file that was added
 * anyway is. Undefined where git cannot say.
 */
function listByGit(folder: string, searchPath: string | undefined): string[] | undefined {
  const args = [
    ...gitArguments,
    '-C',
    folder,
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
  ];
  const { status, stdout } = spawnSync('git', args, {
    encoding: 'utf8',
    timeout: GIT_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: GIT_BYTES_MAX,
    env: gitEnvironment(searchPath),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? [...new Set(stdout.split('\0'))].filter((name) => name !== '') : undefined;
}

class Listing {
  readonly files: FoundFile[] = [];
  readonly problems: { path: string; message: string }[] = [];
  readonly #options: ListOptions;
  #full = false;

  constructor(options: ListOptions) {
    this.#options = options;
  }

  #add(root: string, file: string): void {
    const { filesMax = FILES_MAX } = this.#options;
    if (this.files.length < filesMax) this.files.push({ root, file, path: path.join(root, file) });
    else if (!this.#full) {
      this.#full = true;
      this.problems.push({ path: root, message: `more than ${filesMax} files: the rest was not looked at` });
    }
  }

  /** A repository of its own, or the folder that the scan starts at. */
  visitRoot(root: string, depth = 0): void {
    const names = isInWorkTree(root) ? listByGit(root, this.#options.searchPath) : undefined;
    if (names === undefined) {
      this.#walk(root, '', depth);
      return;
    }
    for (const name of names.sort()) {
      if (isSkipped(name)) continue;
      // A repository in this one is named as a folder, with or without `/`.
      const absolute = path.resolve(root, name);
      const stats = lstatSync(absolute, { throwIfNoEntry: false });
      if (stats?.isFile() === true) this.#add(root, name);
      else if (stats?.isDirectory() === true && depth < DEPTH_MAX) this.visitRoot(absolute, depth + 1);
    }
  }

  #walk(root: string, relative: string, depth: number): void {
    const folder = path.join(root, relative);
    if (depth > DEPTH_MAX) {
      this.problems.push({ path: folder, message: `folders nested deeper than ${DEPTH_MAX}` });
      return;
    }
    let entries: Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      this.problems.push({ path: folder, message: `this folder cannot be read (${messageOf(error)})` });
      return;
    }
    if (relative !== '' && entries.some(({ name }) => name === '.git')) {
      this.visitRoot(folder, depth);
      return;
    }
    for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
      const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
      // A symbolic link may lead out of the tree, or around in a circle.
      if (entry.isFile()) this.#add(root, name);
      else if (entry.isDirectory() && !SKIPPED.has(entry.name)) this.#walk(root, name, depth + 1);
    }
  }
}

/** Every file of the repositories under the given paths, each once; a path may also be a file. */
export function listFiles(paths: readonly string[], options: ListOptions): FileList {
  const listing = new Listing(options);
  for (const each of paths) {
    const stats = lstatSync(each, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    const absolute = realpathSync(each);
    if (lstatSync(absolute).isDirectory()) listing.visitRoot(absolute);
    else listing.files.push({ path: absolute, root: path.dirname(absolute), file: path.basename(absolute) });
  }
  const files = new Map(listing.files.map((file) => [file.path, file]));
  return { files: [...files.values()], problems: listing.problems };
}
