import { type Dirent, lstatSync, opendirSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import path from 'node:path';
import { recognisePath } from '#pipeline/read-file.ts';
import { sniffManifest } from './sniff-manifest.ts';
import { mayDeclareTrust, sniffTrust } from './trust/trust-files.ts';

/** A file to read, and where it stands in its repository. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  /** Relative to the root of the repository, with `/`. */
  readonly file: string;
  /** Absolute root of the repository that it belongs to. */
  readonly root: string;
}

export interface Discovery {
  readonly files: readonly FoundFile[];
  /** Folders that could not be opened, or a limit that was reached. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
  readonly foldersVisited: number;
  /** Folders that were left out although they may hold files that others name, `.git` not among them. */
  readonly foldersSkipped: number;
}

/** Told of every folder that is listed, and of every file whose content may matter, each before it is read. */
export type Observer = (relative: string, stats: Stats) => void;

export interface DiscoveryLimits {
  readonly entriesMax: number;
  readonly depthMax: number;
}

export const defaultDiscoveryLimits: DiscoveryLimits = { entriesMax: 5_000_000, depthMax: 40 };

/** Folders that hold other people's files, or none that a pipeline is made of. */
const SKIPPED = new Set([
  '.git',
  'node_modules',
  'vendor',
  '.venv',
  'venv',
  '.tox',
  '__pycache__',
  '.terraform',
  '.cache',
]);

/** Files whose beginning is read because their names say nothing. */
const SNIFFED_MAX = 10_000;

/** The part of a path before the folders that platforms keep their definitions in. */
const DEFINITION_FOLDERS =
  /(?:^|\/)\.(?:github|gitea|forgejo|gitlab|circleci|azure-pipelines|woodpecker|tekton)\//;

/** The folder that the files of GitLab start from: `.gitlab-ci.yml`, or the folder `.gitlab`, lies in it. */
const GITLAB = /^(?:(.*)\/)?(?:\.gitlab-ci\.ya?ml$|\.gitlab\/)/;

/**
 * A `.gitlab-ci.yml` deeper in a repository is included from above, so the shallowest one tells where the repository
 * begins; with `.git` at the top, that is known.
 */
function findGitlabRoots(top: string, files: readonly string[]): ReadonlySet<string> {
  if (lstatSync(path.join(top, '.git'), { throwIfNoEntry: false }) !== undefined) return new Set();
  const matches = files.map((file) => GITLAB.exec(file)).filter((match) => match !== null);
  return new Set(matches.map(([, folder = '']) => folder));
}

/** The shallowest of the roots that a path lies in. */
function findRootOf(file: string, roots: ReadonlySet<string>): string | undefined {
  if (roots.has('')) return '';
  for (let end = file.indexOf('/'); end !== -1; end = file.indexOf('/', end + 1)) {
    if (roots.has(file.slice(0, end))) return file.slice(0, end);
  }
  return undefined;
}

/** The deepest repository that a path lies in. */
function findNestedRepository(relative: string, repositories: ReadonlySet<string>): string | undefined {
  for (let end = relative.lastIndexOf('/'); end > 0; end = relative.lastIndexOf('/', end - 1)) {
    if (repositories.has(relative.slice(0, end))) return relative.slice(0, end);
  }
  return undefined;
}

/** The repository that a path below `top` belongs to: above its definition folder, or the nearest folder with `.git`. */
function splitRoot(
  top: string,
  relative: string,
  repositories: ReadonlySet<string>,
  gitlabRoots: ReadonlySet<string>,
): { root: string; file: string } {
  const isGitlab = recognisePath(relative)?.reader.platform === 'gitlab';
  const folder = isGitlab ? null : DEFINITION_FOLDERS.exec(relative);
  const nested = findNestedRepository(relative, repositories);
  const start = isGitlab ? findRootOf(relative, gitlabRoots) : undefined;
  const prefix = nested ?? start ?? (folder === null ? '' : relative.slice(0, folder.index));
  return {
    root: prefix === '' ? top : path.join(top, prefix),
    file: prefix === '' ? relative : relative.slice(prefix.length + 1),
  };
}

/** Bytes of a folder’s own record. Most are far smaller, and one call reads them three times as fast. */
const FOLDER_BYTES_AT_ONCE_MAX = 1_048_576;

/** Entries of a folder; of a huge one a few at a time, so that a limit comes before memory ends. */
function* readEntries(folder: string, { size }: Stats): Generator<Dirent> {
  if (size <= FOLDER_BYTES_AT_ONCE_MAX) {
    yield* readdirSync(folder, { withFileTypes: true });
    return;
  }
  using directory = opendirSync(folder, { bufferSize: 512 });
  for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) yield entry;
}

/** By its name: a definition, a file that is opened to see whether it is one, or settings. */
function mayMatter(name: string): boolean {
  if (/\.ya?ml$|(?:^|\/)actions\.lock$/.test(name)) return true;
  return mayDeclareTrust(name) || recognisePath(name) !== undefined;
}

class Walk {
  readonly files: string[] = [];
  readonly repositories = new Set<string>();
  readonly problems: { path: string; message: string }[] = [];
  folders = 0;
  skipped = 0;
  #entries = 0;
  #sniffed = 0;
  readonly #top: string;
  readonly #limits: DiscoveryLimits;
  readonly #observer: Observer | undefined;

  constructor(top: string, limits: DiscoveryLimits, observer: Observer | undefined) {
    this.#top = top;
    this.#limits = limits;
    this.#observer = observer;
  }

  /** By its name; manifests of a cluster may have any, and few files of Terraform are about pipelines. */
  #isDefinition(name: string): boolean {
    if (recognisePath(name) !== undefined) return true;
    const isPolicy = mayDeclareTrust(name);
    if ((!isPolicy && !/\.ya?ml$/.test(name)) || this.#sniffed >= SNIFFED_MAX) return false;
    this.#sniffed += 1;
    const absolute = path.join(this.#top, name);
    return isPolicy ? sniffTrust(absolute) : sniffManifest(absolute);
  }

  #tell(name: string): void {
    if (this.#observer === undefined || !mayMatter(name)) return;
    this.#observer(name, lstatSync(path.join(this.#top, name)));
  }

  visit(relative: string, depth: number): void {
    const absolute = path.join(this.#top, relative);
    if (depth > this.#limits.depthMax) {
      this.problems.push({ path: absolute, message: `folders nested deeper than ${this.#limits.depthMax}` });
      return;
    }
    const folders: string[] = [];
    try {
      this.folders += 1;
      const stats = lstatSync(absolute);
      this.#observer?.(relative, stats);
      for (const entry of readEntries(absolute, stats)) {
        this.#entries += 1;
        if (this.#entries > this.#limits.entriesMax) break;
        const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
        // A symbolic link may lead out of the tree, or around in a circle.
        if (entry.isDirectory()) {
          if (!SKIPPED.has(entry.name)) folders.push(name);
          else if (entry.name !== '.git') this.skipped += 1;
        } else if (entry.isFile()) {
          this.#tell(name);
          if (this.#isDefinition(name)) this.files.push(name);
        }
        if (entry.name === '.git' && relative !== '') this.repositories.add(relative);
      }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      this.problems.push({ path: absolute, message: `this folder cannot be read (${code})` });
    }
    if (this.#entries > this.#limits.entriesMax) {
      if (this.problems.at(-1)?.path !== this.#top) {
        const message = `more than ${this.#limits.entriesMax} files and folders: the rest was not looked at`;
        this.problems.push({ path: this.#top, message });
      }
      return;
    }
    for (const folder of folders.sort()) this.visit(folder, depth + 1);
  }
}

function discoverFolder(top: string, limits: DiscoveryLimits, observer: Observer | undefined): Discovery {
  const walk = new Walk(top, limits, observer);
  walk.visit('', 0);
  const gitlabRoots = findGitlabRoots(top, walk.files);
  const files = walk.files.map((relative) => ({
    path: path.join(top, relative),
    ...splitRoot(top, relative, walk.repositories, gitlabRoots),
  }));
  return { files, problems: walk.problems, foldersVisited: walk.folders, foldersSkipped: walk.skipped };
}

/** A file that was named by hand: its repository is above its definition folder, else its own folder. */
function discoverFile(absolute: string): FoundFile {
  const posix = absolute.split(path.sep).join('/');
  const folder = DEFINITION_FOLDERS.exec(posix);
  const root = folder === null ? path.dirname(absolute) : absolute.slice(0, folder.index);
  return { path: absolute, root, file: path.relative(root, absolute).split(path.sep).join('/') };
}

/**
 * Finds the definitions under the given files and folders, each once, in the same order on every machine. `observer`
 * gets paths relative to the folder that they were found in.
 */
export function discover(
  paths: readonly string[],
  limits = defaultDiscoveryLimits,
  observer?: Observer,
): Discovery {
  const found = new Map<string, FoundFile>();
  const problems: { path: string; message: string }[] = [];
  let foldersVisited = 0;
  let foldersSkipped = 0;
  for (const each of paths) {
    const stats = lstatSync(each, { throwIfNoEntry: false });
    if (stats === undefined) {
      problems.push({ path: each, message: 'there is no such file or folder' });
      continue;
    }
    const absolute = realpathSync(each);
    const isFolder = stats.isDirectory() || (stats.isSymbolicLink() && lstatSync(absolute).isDirectory());
    if (!isFolder) found.set(absolute, discoverFile(absolute));
    else {
      const inFolder = discoverFolder(absolute, limits, observer);
      foldersVisited += inFolder.foldersVisited;
      foldersSkipped += inFolder.foldersSkipped;
      problems.push(...inFolder.problems);
      for (const file of inFolder.files) if (!found.has(file.path)) found.set(file.path, file);
    }
  }
  const files = [...found.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
  return { files, problems, foldersVisited, foldersSkipped };
}
