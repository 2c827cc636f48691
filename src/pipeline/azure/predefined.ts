import type { ForeignValue } from '../surface.ts';
import type { Actor } from '../trigger.ts';

/*
 * Variables of the platform that hold what people write. In builds of pull requests `Build.SourceBranch` is
 * `refs/pull/N/merge`, so that only those who may push choose it.
 */
const FOREIGN: readonly (readonly [name: string, what: string, writtenBy: Actor])[] = [
  [
    'System.PullRequest.SourceBranch',
    'the name of the branch of a pull request',
    'contributor-with-approval',
  ],
  [
    'System.PullRequest.SourceRepositoryURI',
    'the address of the repository of a pull request',
    'contributor-with-approval',
  ],
  ['Build.SourceVersionMessage', 'the message of the commit', 'contributor-with-approval'],
  ['Build.SourceVersionAuthor', 'the name of the author of the commit', 'contributor-with-approval'],
  ['Build.SourceBranch', 'the full name of the branch or tag', 'member'],
  ['Build.SourceBranchName', 'the name of the branch or tag', 'member'],
  ['System.PullRequest.TargetBranch', 'the branch that a pull request goes to', 'member'],
  ['System.PullRequest.TargetBranchName', 'the branch that a pull request goes to', 'member'],
  ['Build.RequestedFor', 'the name that the person who started the run gave themselves', 'member'],
  ['Build.RequestedForEmail', 'the address of the person who started the run', 'member'],
  ['Build.QueuedBy', 'the name that the person who started the run gave themselves', 'member'],
  ['Release.Reason', 'the reason of the release', 'member'],
];

/** `Build.SourceBranch` as the environment has it: `BUILD_SOURCEBRANCH`. */
export function environmentName(variable: string): string {
  return variable.toUpperCase().replaceAll('.', '_').replaceAll(' ', '_');
}

const BY_NAME: ReadonlyMap<string, ForeignValue> = new Map(
  FOREIGN.map(([name, what, writtenBy]) => [name.toLowerCase(), { name, what, writtenBy }]),
);

/** Names of variables do not care about case. */
export function foreignPredefined(name: string): ForeignValue | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** Every script gets these without being asked. */
export const foreignEnvironment: ReadonlyMap<string, ForeignValue> = new Map(
  FOREIGN.map(([name, what, writtenBy]) => [environmentName(name), { name, what, writtenBy }]),
);

/** Filled by the platform, and none of them secret. */
export function isPredefined(name: string): boolean {
  return (
    /^(?:build|system|agent|pipeline|environment|checks|strategy|resources|release|endpoint|common|tf_build)(?:\.|$)/i.test(
      name,
    ) && !/^system\.accesstoken$/i.test(name)
  );
}
