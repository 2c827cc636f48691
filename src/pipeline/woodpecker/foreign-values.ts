import type { Actor } from '../trigger.ts';
import type { ForeignValue } from '../surface.ts';

const ANYONE: Actor = 'contributor-with-approval';

/** Built-in variables that hold text of whoever caused the run; hashes, numbers and addresses are left out. */
const NAMES: readonly (readonly [name: string, what: string, writtenBy: Actor])[] = [
  ['COMMIT_MESSAGE', 'the message of the commit or the title of the pull request', ANYONE],
  ['COMMIT_BRANCH', 'the name of the branch', ANYONE],
  ['COMMIT_SOURCE_BRANCH', 'the name of the branch of the pull request', ANYONE],
  ['COMMIT_REF', 'the name of the ref', ANYONE],
  ['COMMIT_REFSPEC', 'the names of the branches of the pull request', ANYONE],
  ['COMMIT_AUTHOR', 'the name of the author', ANYONE],
  ['COMMIT_AUTHOR_EMAIL', 'the e-mail address of the author', ANYONE],
  ['COMMIT_PULL_REQUEST_LABELS', 'the labels of the pull request', 'member'],
  ['COMMIT_PULL_REQUEST_MILESTONE', 'the milestone of the pull request', 'member'],
  ['COMMIT_TAG', 'the name of the tag', 'member'],
  ['COMMIT_TARGET_BRANCH', 'the name of the target branch', 'member'],
  ['PIPELINE_DEPLOY_TARGET', 'the target of the deployment', 'member'],
  ['PIPELINE_DEPLOY_TASK', 'the task of the deployment', 'member'],
  ['PREV_COMMIT_MESSAGE', 'the message of the commit before', ANYONE],
  ['PREV_COMMIT_BRANCH', 'the branch of the run before', ANYONE],
  ['PREV_COMMIT_AUTHOR', 'the name of the author before', ANYONE],
  ['PREV_COMMIT_AUTHOR_EMAIL', 'the e-mail address of the author before', ANYONE],
];

/** Drone's names, which servers that came from it still set. */
const OF_DRONE: readonly (readonly [name: string, what: string, writtenBy: Actor])[] = [
  ['DRONE_COMMIT_MESSAGE', 'the message of the commit', ANYONE],
  ['DRONE_COMMIT_BRANCH', 'the name of the branch', ANYONE],
  ['DRONE_SOURCE_BRANCH', 'the name of the branch of the pull request', ANYONE],
  ['DRONE_BRANCH', 'the name of the branch', ANYONE],
  ['DRONE_COMMIT_AUTHOR', 'the login of the author', ANYONE],
  ['DRONE_COMMIT_AUTHOR_NAME', 'the name of the author', ANYONE],
  ['DRONE_COMMIT_AUTHOR_EMAIL', 'the e-mail address of the author', ANYONE],
  ['DRONE_PULL_REQUEST_TITLE', 'the title of the pull request', ANYONE],
  ['DRONE_TAG', 'the name of the tag', 'member'],
];

/** By the name of the variable, which is also its name in a substitution. */
export const foreignValues: ReadonlyMap<string, ForeignValue> = new Map(
  [...NAMES.map(([name, what, by]) => [`CI_${name}`, what, by] as const), ...OF_DRONE].map(
    ([name, what, writtenBy]) => [name, { name, what, writtenBy }],
  ),
);

/** What holds no text of a pull request when only members cause the run. */
export function foreignValuesFor(outsiders: boolean): ReadonlyMap<string, ForeignValue> {
  if (outsiders) return foreignValues;
  return new Map([...foreignValues].map(([name, value]) => [name, { ...value, writtenBy: 'member' }]));
}
