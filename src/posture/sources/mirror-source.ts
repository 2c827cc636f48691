import { statSync } from 'node:fs';
import path from 'node:path';
import { type GitRunner, readHeadCommit } from '#scan/organisation/git-objects.ts';
import { type DefinitionSource, DefinitionSourceError } from '../definition-source.ts';
import { isRepositoryName } from '../pipeline-subject.ts';
import { openBareSnapshot } from './bare-snapshot.ts';

export interface MirrorOptions {
  /** Absolute; bare repositories `owner/name.git` lie below it, or clones `owner/name`. */
  readonly folder: string;
  readonly git: GitRunner;
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** A bare repository, or a clone whose git folder lies in it. Names on disk are as the platform writes them, or in lower case. */
function findGitFolder(folder: string, repository: string): string | undefined {
  if (!isRepositoryName(repository)) return undefined;
  const names = [...new Set([repository, repository.toLowerCase()])];
  for (const name of names.flatMap((each) => [`${each}.git`, each])) {
    const found = path.join(folder, name);
    const inner = path.join(found, '.git');
    if (isFolder(inner)) return inner;
    if (isFolder(path.join(found, 'objects'))) return found;
  }
  return undefined;
}

/** Definitions from repositories that lie on this machine, and that somebody else keeps up to date. */
export function createMirrorSource({ folder, git }: MirrorOptions): DefinitionSource {
  const find = (repository: string): string => {
    const found = findGitFolder(folder, repository);
    if (found !== undefined) return found;
    throw new DefinitionSourceError('definition_absent', `the mirror has no repository ${repository}`);
  };
  return {
    async open(repository, commit) {
      const snapshot = await openBareSnapshot(find(repository), commit, git);
      if (snapshot !== undefined) return snapshot;
      throw new DefinitionSourceError(
        'definition_absent',
        `the mirror of ${repository} does not have the commit ${commit.slice(0, 12)} yet`,
      );
    },
    // A mirror's HEAD names the default branch of its origin; that of a clone, the branch that is checked out.
    defaultCommit: async (repository) => readHeadCommit(find(repository)),
  };
}
