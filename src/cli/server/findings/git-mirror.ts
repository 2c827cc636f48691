import { statSync } from 'node:fs';
import path from 'node:path';
import { parseGitDiff } from '#findings/tracking/code-changes.ts';
import type { FindCodeChanges, FindOwners } from '#findings/tracking/ports.ts';
import { isRepositoryName } from '#posture/pipeline-subject.ts';
import { callGit } from '#posture/sources/git-process.ts';

export interface GitMirrorOptions {
  /** Folder of bare repositories `owner/name.git`, or clones `owner/name`; undefined where there is none. */
  readonly folder: () => string | undefined;
  /** `PATH` of the caller. */
  readonly searchPath: string | undefined;
}

/** Where GitHub and GitLab look for it, in GitHub's order. */
const OWNER_FILES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'];
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const TIMEOUT_MS = 10_000;

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

function findGitFolder(folder: string, repository: string): string | undefined {
  // The name comes with a report: it must not lead out of the folder.
  if (!isRepositoryName(repository)) return undefined;
  const clone = path.join(folder, repository);
  return [`${clone}.git`, path.join(clone, '.git'), clone].find((each) =>
    isFolder(path.join(each, 'objects')),
  );
}

/** Asks repositories on this machine what moved between two commits, and who owns what. Nothing in them is run. */
export function createGitMirror(options: GitMirrorOptions): {
  readonly findCodeChanges: FindCodeChanges;
  readonly findOwners: FindOwners;
} {
  const ask = async (repository: string, args: readonly string[]): Promise<string | undefined> => {
    const folder = options.folder();
    const gitFolder = folder === undefined ? undefined : findGitFolder(folder, repository);
    if (gitFolder === undefined) return undefined;
    const answer = await callGit({
      args: ['--git-dir', gitFolder, ...args],
      searchPath: options.searchPath,
      protocols: 'none',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return answer.ok ? answer.stdout : undefined;
  };
  return {
    async findCodeChanges(repository, fromCommit, toCommit) {
      if (!COMMIT.test(fromCommit) || !COMMIT.test(toCommit)) return undefined;
      const settings = [
        '--no-ext-diff',
        '--no-textconv',
        '--no-color',
        '--unified=0',
        '--find-renames',
        '-l2000',
      ];
      const diff = await ask(repository, ['diff', ...settings, '--end-of-options', fromCommit, toCommit]);
      return diff === undefined ? undefined : parseGitDiff(diff);
    },
    /** Of the default branch: a branch cannot give its findings to somebody else. */
    async findOwners(repository) {
      for (const file of OWNER_FILES) {
        const text = await ask(repository, ['cat-file', 'blob', `HEAD:${file}`]);
        if (text !== undefined) return text;
      }
      return undefined;
    },
  };
}
