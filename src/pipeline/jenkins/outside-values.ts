import type { ForeignValue } from '../surface.ts';
import type { Actor } from '../trigger.ts';

/** By which builds a value is filled. */
export type FilledBy = 'change' | 'tag' | 'branch' | 'any';

export interface OutsideValue extends ForeignValue {
  readonly filledBy: FilledBy;
}

type Row = readonly [pattern: RegExp, what: string, writtenBy: Actor, filledBy: FilledBy];

/*
 * Variables that Jenkins and its plug-ins fill with other people's text. Numbers, hashes, states and addresses that the
 * server makes are none; a name of a fork's branch may hold `$(…)`.
 * Branch API: `help:env-var` of a multibranch project; git: `GitSCM.buildEnvironment`; ghprb, gitlab-plugin,
 * bitbucket-push-and-pull-request, generic-webhook-trigger: the README of each.
 */
const ROWS: readonly Row[] = [
  [/^CHANGE_TITLE$/, 'the title of the pull request', 'anyone', 'change'],
  [/^CHANGE_BRANCH$/, 'the name of the branch of the pull request', 'anyone', 'change'],
  [
    /^CHANGE_AUTHOR_(?:DISPLAY_NAME|EMAIL)$/,
    'the name of the author of the pull request',
    'anyone',
    'change',
  ],
  [/^CHANGE_FORK$/, 'the name of the fork', 'anyone', 'change'],
  [
    /^ghprb(?:PullTitle|PullLongDescription|PullDescription)$/,
    'the title or text of the pull request',
    'anyone',
    'change',
  ],
  [/^ghprbCommentBody$/, 'the text of a comment', 'anyone', 'change'],
  [
    /^ghprb(?:SourceBranch|PullAuthorEmail|ActualCommitAuthor|ActualCommitAuthorEmail)$/,
    'the name of the branch or author of the pull request',
    'anyone',
    'change',
  ],
  [/^gitlab(?:SourceBranch|Branch)$/, 'the name of the branch of the merge request', 'anyone', 'change'],
  [/^gitlabMergeRequest(?:Title|Description)$/, 'the title or text of the merge request', 'anyone', 'change'],
  [
    /^gitlab(?:TriggerPhrase|UserName|UserEmail|SourceRepoName|SourceNamespace)$/,
    'text of the author of the merge request',
    'anyone',
    'change',
  ],
  [
    /^BITBUCKET_(?:SOURCE_BRANCH|PULL_REQUEST_TITLE|PULL_REQUEST_DESCRIPTION|PULL_REQUEST_COMMENT_TEXT)$/,
    'text of the pull request',
    'anyone',
    'change',
  ],
  [
    /^GITHUB_PR_(?:TITLE|BODY|SOURCE_BRANCH|COMMENT_BODY(?:_MATCH)?|LABELS)$/,
    'text of the pull request',
    'anyone',
    'change',
  ],
  [/^(?:GIT_(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL))$/, 'the name of the author of the commit', 'anyone', 'any'],
  [
    /^(?:BRANCH_NAME|GIT_BRANCH|GIT_LOCAL_BRANCH|BRANCH_IS_PRIMARY_NAME|JOB_BASE_NAME)$/,
    'the name of the branch',
    'member',
    'branch',
  ],
  [/^TAG_NAME$/, 'the name of the tag', 'member', 'tag'],
  [/^gitlabTargetBranch$/, 'the name of a branch', 'member', 'change'],
];

function find(name: string): Row | undefined {
  return name.length > 60 ? undefined : ROWS.find(([pattern]) => pattern.test(name));
}

/** What others write into a variable of the environment. */
export function outsideVariable(name: string): OutsideValue | undefined {
  const row = find(name);
  if (row === undefined) return undefined;
  const [, what, writtenBy, filledBy] = row;
  return { name: `env.${name}`, what, writtenBy, filledBy };
}

/** Objects of Jenkins and its plug-ins that hand out text of others. */
const OBJECTS: readonly Row[] = [
  [/^pullRequest\.(?:title|body|headRef|head)$/, 'text of the pull request', 'anyone', 'change'],
  [/^currentBuild\.changeSets?(?:\.|$)/, 'the message of a commit', 'anyone', 'any'],
];

export function outsideMember(path: string): OutsideValue | undefined {
  const row = path.length > 100 ? undefined : OBJECTS.find(([pattern]) => pattern.test(path));
  if (row === undefined) return undefined;
  const [, what, writtenBy, filledBy] = row;
  return { name: path, what, writtenBy, filledBy };
}

/** Places in the body of a webhook that anybody with an account can fill. */
const OPEN_FIELD =
  /(?:title|body|description|message|comment|text|head\.ref|head\.label|source_branch|head_branch|author\.name)\b/i;

/** A variable that a webhook fills, by the place in its body. */
export function webhookValue(name: string, path: string): OutsideValue {
  const open = OPEN_FIELD.test(path.slice(0, 200));
  return {
    name,
    what: open ? 'text in the body of a webhook' : 'a field in the body of a webhook',
    writtenBy: open ? 'anyone' : 'member',
    filledBy: 'any',
  };
}

/** Names that a job outside of this file fills from its webhook: `x_github_event` shows that there is one. */
export const WEBHOOK_MARK = /^(?:env\.)?x_(?:gitea|github|gitlab|hub|event)\w{0,30}$/i;
export const OPEN_NAME =
  /^(?:pr_|pull_?request_|merge_?request_|issue_|comment_|commit_)?(?:title|body|description|message|head_ref|source_branch)$/i;

/** Parameters that can hold any text. */
const FREE_PARAMETER =
  /^(?:string|stringParam|text|textParam|gitParameter|validatingString|activeChoice\w*|extendedChoice)$/;

export function parameterValue(name: string, kind: string | undefined): OutsideValue | undefined {
  if (kind !== undefined && !FREE_PARAMETER.test(kind)) return undefined;
  return { name: `params.${name}`, what: 'a parameter of the build', writtenBy: 'member', filledBy: 'any' };
}

/** What `sh(returnStdout: true, script: 'git log …')` answers: whoever wrote the commit. */
export function commitMessageOf(script: string): OutsideValue | undefined {
  const line = script.slice(0, 500);
  const isMessage = /\bgit\b.{0,80}\b(?:log|show)\b.{0,120}(?:%s|%B|%b|%an|%ae|%cn|%f\b|--oneline)/.test(
    line,
  );
  return isMessage
    ? { name: 'git log', what: 'the message of a commit', writtenBy: 'anyone', filledBy: 'any' }
    : undefined;
}
