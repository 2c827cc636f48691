import { recognisePath } from '#pipeline/read-file.ts';
import { type GitRunner, listTree, readBlobs } from '#scan/organisation/git-objects.ts';
import { type CommitSnapshot, type DefinitionFile, DefinitionSourceError } from '../definition-source.ts';

/** Of those that may matter; a monorepo has some thousands. */
const FILES_MAX = 200_000;

/** Definitions by their names, and what they may include or extend: files of any name that are YAML. */
function mayMatter(file: string): boolean {
  return /\.ya?ml$/i.test(file) || recognisePath(file) !== undefined;
}

/** A commit in a git folder of this machine, with or without a work tree: only its objects are read. */
export async function openBareSnapshot(
  gitFolder: string,
  commit: string,
  git: GitRunner,
): Promise<CommitSnapshot | undefined> {
  const tree = await listTree(gitFolder, commit, git, mayMatter);
  if (tree === undefined) return undefined;
  if (tree.length > FILES_MAX)
    throw new DefinitionSourceError('definition_too_large', 'it has too many files');
  return {
    commit,
    async list(folder) {
      return folder === '' ? tree : tree.filter(({ file }) => file.startsWith(`${folder}/`));
    },
    read: (files, bytesMax) => readFiles(gitFolder, files, git, bytesMax),
  };
}

async function readFiles(
  gitFolder: string,
  files: readonly DefinitionFile[],
  git: GitRunner,
  bytesMax: number,
): Promise<readonly (string | undefined)[]> {
  if (files.length === 0) return [];
  const names = files.map(({ objectId }) => objectId);
  const blobs = await readBlobs(gitFolder, names, git, bytesMax);
  return files.map((_, index) => {
    const blob = blobs[index] ?? { message: 'git ended early' };
    return 'text' in blob ? blob.text : undefined;
  });
}
