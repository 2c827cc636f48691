import { createHash } from 'node:crypto';
import { type CommitSnapshot, type DefinitionSource, DefinitionSourceError } from '../definition-source.ts';

export type Tree = Readonly<Record<string, string>>;

/** Repositories as values: name to commits, each a tree, with the commit of the default branch. */
export interface MemoryRepository {
  readonly commits: Readonly<Record<string, Tree>>;
  readonly head?: string;
}

/** Answers what a real source answers, and refuses what it refuses. */
export function createMemorySource(
  repositories: Readonly<Record<string, MemoryRepository>>,
): DefinitionSource & {
  readonly opened: string[];
} {
  const opened: string[] = [];
  const find = (name: string): MemoryRepository => {
    const found = Object.hasOwn(repositories, name) ? repositories[name] : undefined;
    if (found !== undefined) return found;
    throw new DefinitionSourceError('definition_absent', `there is no repository ${name}`);
  };
  return {
    opened,
    async open(repository, commit, signal) {
      signal.throwIfAborted();
      opened.push(`${repository}@${commit.slice(0, 4)}`);
      const tree = find(repository).commits[commit];
      if (tree === undefined) throw new DefinitionSourceError('definition_absent', 'there is no such commit');
      return snapshotOf(commit, tree);
    },
    defaultCommit: async (repository) => find(repository).head,
  };
}

function snapshotOf(commit: string, tree: Tree): CommitSnapshot {
  const files = Object.entries(tree).map(([file, text]) => ({
    file,
    objectId: createHash('sha1').update(text).digest('hex'),
  }));
  return {
    commit,
    list: async (folder) => files.filter(({ file }) => folder === '' || file.startsWith(`${folder}/`)),
    read: async (wanted, bytesMax) =>
      wanted.map(({ file }) => {
        const text = tree[file];
        return text === undefined || text.length > bytesMax ? undefined : text;
      }),
  };
}

/** Hashes that tests can tell apart. */
export function shaOf(digit: string): string {
  return digit.repeat(40);
}
