import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { fullestVersion, parseRefs, pickPin, type Refs } from '../../pins/pick-pin.ts';
import type { PinSource } from '../../rule.ts';

const GIT_TIMEOUT_MS = 10_000;
const OUTPUT_BYTES_MAX = 16 * 1_048_576;
const QUESTIONS_MAX = 2_000;
const FORMAT = '%(refname) %(objecttype) %(objectname) %(*objecttype) %(*objectname)';
/** One part of `owner/name`. It comes out of a pipeline, so `..` must not leave the folder. */
const NAME = /^(?!\.)[a-z0-9._-]{1,100}$/;
/** Where systems keep git; nothing of our own environment goes along. */
const PATH = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin';

/** Git repositories of third parties in a folder, for questions without the network. */
export interface Mirror extends PinSource {
  /** Whether a commit is on a branch or tag of the repository; a fork’s commits are shown under its name, too. */
  owns(repository: string, commit: string): 'yes' | 'no' | 'unknown';
  /** The fullest version that a tag gives a commit; undefined where no tag is at it. */
  versionAt(repository: string, commit: string): string | undefined;
  /** Whether there is a repository of this name with anything in it. */
  knows(repository: string): boolean;
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** `owner/name`, `owner__name` or their like with `.git`, bare or with a work tree. */
function findGitFolder(folder: string, repository: string): string | undefined {
  const [owner = '', name = '', more] = repository.split('/');
  if (!NAME.test(owner) || !NAME.test(name) || more !== undefined) return undefined;
  const candidates = [`${owner}/${name}`, `${owner}__${name}`].flatMap((each) => [each, `${each}.git`]);
  const found = candidates.map((each) => path.join(folder, each)).find(isFolder);
  if (found === undefined) return undefined;
  const inner = path.join(found, '.git');
  return isFolder(inner) ? inner : found;
}

/** Undefined when git refuses. Hooks and settings of the mirror are not run by what is asked here. */
function ask(gitFolder: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', ['-c', 'safe.directory=*', '--git-dir', gitFolder, ...args], {
    encoding: 'utf8',
    timeout: GIT_TIMEOUT_MS,
    maxBuffer: OUTPUT_BYTES_MAX,
    env: {
      PATH,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_NO_LAZY_FETCH: '1',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : undefined;
}

const REFS = ['refs/tags', 'refs/heads', 'refs/remotes/origin'];

class GitMirror implements Mirror {
  readonly #folder: string;
  readonly #refs = new Map<string, Refs>();
  readonly #owned = new Map<string, 'yes' | 'no' | 'unknown'>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  owns(repository: string, commit: string): 'yes' | 'no' | 'unknown' {
    const key = `${repository}@${commit}`;
    const known = this.#owned.get(key);
    if (known !== undefined) return known;
    const verdict = this.#owned.size < QUESTIONS_MAX ? this.#judge(repository, commit) : 'unknown';
    this.#owned.set(key, verdict);
    return verdict;
  }

  versionAt(repository: string, commit: string): string | undefined {
    const refs = this.#refs.get(repository) ?? this.#read(repository);
    const version = fullestVersion(refs, commit, '');
    return version === '' ? undefined : version;
  }

  knows(repository: string): boolean {
    return (this.#refs.get(repository) ?? this.#read(repository)).size > 0;
  }

  #judge(repository: string, commit: string): 'yes' | 'no' | 'unknown' {
    const gitFolder = findGitFolder(this.#folder, repository);
    if (gitFolder === undefined || !/^[0-9a-f]{40}$/.test(commit)) return 'unknown';
    // A commit that is not there may be newer than the mirror.
    if (ask(gitFolder, ['cat-file', '-e', `${commit}^{commit}`]) === undefined) return 'unknown';
    const found = ask(gitFolder, ['for-each-ref', '--count=1', `--contains=${commit}`, ...REFS]);
    if (found === undefined) return 'unknown';
    return found.trim() === '' ? 'no' : 'yes';
  }

  resolve({ kind, repository, ref }: Parameters<PinSource['resolve']>[0]): ReturnType<PinSource['resolve']> {
    if (kind !== 'repository' || ref === undefined) return undefined;
    const refs = this.#refs.get(repository) ?? this.#read(repository);
    return pickPin(refs, ref);
  }

  #read(repository: string): Refs {
    const gitFolder = this.#refs.size < QUESTIONS_MAX ? findGitFolder(this.#folder, repository) : undefined;
    const text =
      gitFolder === undefined ? undefined : ask(gitFolder, ['for-each-ref', `--format=${FORMAT}`, ...REFS]);
    const refs = text === undefined ? new Map<string, string>() : parseRefs(text);
    this.#refs.set(repository, refs);
    return refs;
  }
}

/** What is not there is a mirror that knows nothing. */
export function openMirror(folder: string): Mirror {
  return new GitMirror(folder);
}
