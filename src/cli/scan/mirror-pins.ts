import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { parseRefs, pickPin, type Refs } from '#scan/pins/pick-pin.ts';
import type { PinSource } from '#scan/rule.ts';
import type { Environment } from '../command.ts';
import { ScanCommandError } from './scan-command-error.ts';

const GIT_TIMEOUT_MS = 10_000;
const REFS_BYTES_MAX = 16 * 1_048_576;
const REPOSITORIES_MAX = 1_000;
const FORMAT = '%(refname) %(objecttype) %(objectname) %(*objecttype) %(*objectname)';
/** One part of `owner/name`. It comes out of a pipeline, so `..` must not leave the folder. */
const NAME = /^(?!\.)[a-z0-9._-]{1,100}$/;

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** `owner/name`, `owner__name` or their like with `.git`, bare or with a work tree. */
function findGitFolder(folder: string, owner: string, name: string): string | undefined {
  const candidates = [`${owner}/${name}`, `${owner}__${name}`]
    .flatMap((each) => [each, `${each}.git`])
    .map((each) => path.join(folder, each));
  const found = candidates.find(isFolder);
  if (found === undefined) return undefined;
  const inner = path.join(found, '.git');
  return isFolder(inner) ? inner : found;
}

/** Names of refs come from git, never the other way: nothing that a pipeline says becomes an argument. */
function listRefs(gitFolder: string, env: Environment): Refs {
  const args = ['--git-dir', gitFolder, 'for-each-ref', `--format=${FORMAT}`];
  const patterns = ['refs/tags', 'refs/heads', 'refs/remotes/origin'];
  const { status, stdout } = spawnSync('git', ['-c', 'safe.directory=*', ...args, ...patterns], {
    encoding: 'utf8',
    timeout: GIT_TIMEOUT_MS,
    maxBuffer: REFS_BYTES_MAX,
    env: { PATH: env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_OPTIONAL_LOCKS: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? parseRefs(stdout) : new Map();
}

/** Pins from git repositories in a folder, without the network. Throws when there is no such folder. */
export function openMirrorPins(folder: string, env: Environment): PinSource {
  if (!isFolder(folder)) {
    throw new ScanCommandError('pins_unreadable', `there is no folder ${folder}`, {
      remedy: 'Give --pins a folder with git repositories in it, named owner/name or owner__name.',
    });
  }
  const known = new Map<string, Refs>();
  const refsOf = (repository: string): Refs => {
    const [owner = '', name = ''] = repository.split('/');
    const gitFolder =
      NAME.test(owner) && NAME.test(name) && known.size < REPOSITORIES_MAX
        ? findGitFolder(folder, owner, name)
        : undefined;
    return gitFolder === undefined ? new Map() : listRefs(gitFolder, env);
  };
  return {
    resolve({ kind, repository, ref }) {
      if (kind !== 'repository' || ref === undefined) return undefined;
      const refs = known.get(repository) ?? refsOf(repository);
      known.set(repository, refs);
      return pickPin(refs, ref);
    },
  };
}
