import { statSync } from 'node:fs';
import path from 'node:path';
import { readHeadCommit } from '#scan/organisation/git-objects.ts';
import type { Environment } from '../command.ts';

/** What is judged, as far as options and the platform's variables say. They decide nothing about trust. */
export interface GateContext {
  readonly repository: string | undefined;
  readonly ref: string | undefined;
  readonly environment: string | undefined;
  readonly commit: string | undefined;
  /** Absolute; undefined where there is none, as in an export of a repository. */
  readonly gitFolder: string | undefined;
  /** Refs that may be the default branch, most likely first. */
  readonly defaultRefs: readonly string[];
}

export interface GateContextOptions {
  readonly repository: string | undefined;
  readonly ref: string | undefined;
  readonly environment: string | undefined;
  readonly 'default-ref': string | undefined;
}

const REF = /^(?!.*\.\.)[A-Za-z0-9_][\w./-]{0,250}$/;

function findGitFolder(root: string): string | undefined {
  const folder = path.join(root, '.git');
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? folder : undefined;
}

/** Branches of the origin: the local ones are whatever somebody made of them. */
function defaultRefsOf(given: string | undefined, env: Environment): string[] {
  if (given !== undefined) return [given.startsWith('refs/') ? given : `refs/remotes/${given}`];
  const named = env['CI_DEFAULT_BRANCH'];
  const known = ['HEAD', ...(named === undefined ? [] : [named]), 'main', 'master'];
  return known.map((name) => `refs/remotes/origin/${name}`).filter((ref) => REF.test(ref));
}

/** GitHub has a branch or a tag in one variable, GitLab each in its own. */
function refOf(env: Environment): string | undefined {
  const { GITHUB_REF, CI_COMMIT_TAG, CI_COMMIT_BRANCH } = env;
  if (GITHUB_REF !== undefined) return GITHUB_REF;
  if (CI_COMMIT_TAG !== undefined) return `refs/tags/${CI_COMMIT_TAG}`;
  return CI_COMMIT_BRANCH === undefined ? undefined : `refs/heads/${CI_COMMIT_BRANCH}`;
}

export function readGateContext(root: string, options: GateContextOptions, env: Environment): GateContext {
  const gitFolder = findGitFolder(root);
  return {
    repository: options.repository ?? env['GITHUB_REPOSITORY'] ?? env['CI_PROJECT_PATH'],
    ref: options.ref ?? refOf(env),
    environment: options.environment ?? env['CI_ENVIRONMENT_NAME'],
    commit: gitFolder === undefined ? undefined : readHeadCommit(gitFolder),
    gitFolder,
    defaultRefs: defaultRefsOf(options['default-ref'], env),
  };
}
