import type { Environment } from '../command.ts';

/** What a CI platform says of the job that runs, so that nobody has to repeat it. */
export interface JobTarget {
  readonly repository: string | undefined;
  readonly commit: string | undefined;
  readonly branch: string | undefined;
}

/** Variables by platform; the first that is set counts. For a pull request it is the branch that asks, never its target. */
const VARIABLES: Readonly<Record<keyof JobTarget, readonly string[]>> = {
  repository: ['GITHUB_REPOSITORY', 'CI_PROJECT_PATH', 'BITBUCKET_REPO_FULL_NAME', 'BUILD_REPOSITORY_NAME'],
  commit: [
    'GITHUB_SHA',
    'CI_COMMIT_SHA',
    'BITBUCKET_COMMIT',
    'BUILD_SOURCEVERSION',
    'CIRCLE_SHA1',
    'BUILDKITE_COMMIT',
    'GIT_COMMIT',
  ],
  branch: [
    'GITHUB_HEAD_REF',
    'GITHUB_REF_NAME',
    'CI_MERGE_REQUEST_SOURCE_BRANCH_NAME',
    'CI_COMMIT_REF_NAME',
    'BITBUCKET_BRANCH',
    'SYSTEM_PULLREQUEST_SOURCEBRANCH',
    'BUILD_SOURCEBRANCH',
    'CIRCLE_BRANCH',
    'BUILDKITE_BRANCH',
    'BRANCH_NAME',
    'GIT_BRANCH',
  ],
};

export function readJobTarget(env: Environment): JobTarget {
  const first = (names: readonly string[]) =>
    names.map((name) => env[name]).find((value) => value !== undefined && value !== '');
  return {
    repository: first(VARIABLES.repository),
    commit: first(VARIABLES.commit),
    branch: first(VARIABLES.branch)
      ?.replace(/^refs\/heads\//, '')
      .replace(/^origin\//, ''),
  };
}
