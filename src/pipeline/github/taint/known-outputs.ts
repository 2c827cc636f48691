import type { Shape } from '../untrusted-contexts.ts';

/** Outputs of actions that repeat what an attacker wrote; from each action's own documentation. */
interface KnownOutput {
  readonly repository: string;
  readonly output: RegExp;
  readonly shape: Shape;
  /** What it repeats, in words. */
  readonly what: string;
}

const FILES = 'names of files in the pull request';
const BRANCH = 'the name of the branch of the pull request';

const COMMENT = 'the text of a comment';
const ANSWER = 'what the platform answered, texts of others included';

const KNOWN: readonly KnownOutput[] = [
  { repository: 'octokit/request-action', output: /^data$/, shape: 'text', what: ANSWER },
  { repository: 'octokit/graphql-action', output: /^data$/, shape: 'text', what: ANSWER },
  { repository: 'xt0rted/slash-command-action', output: /^command-arguments$/, shape: 'text', what: COMMENT },
  { repository: 'khan/pull-request-comment-trigger', output: /^comment_body$/, shape: 'text', what: COMMENT },
  { repository: 'tj-actions/changed-files', output: /files$/, shape: 'path', what: FILES },
  {
    repository: 'tj-actions/branch-names',
    output: /^(?:current_branch|head_ref_branch|ref_branch)$/,
    shape: 'ref',
    what: BRANCH,
  },
  { repository: 'dorny/paths-filter', output: /_files$/, shape: 'path', what: FILES },
  { repository: 'jitterbit/get-changed-files', output: /./, shape: 'path', what: FILES },
  { repository: 'trilom/file-changes-action', output: /^files/, shape: 'path', what: FILES },
  { repository: 'ahmadnassri/action-changed-files', output: /^(?:files|json)/, shape: 'path', what: FILES },
  {
    repository: 'peter-evans/find-comment',
    output: /^comment-body$/,
    shape: 'text',
    what: 'the body of a comment',
  },
  {
    repository: 'xt0rted/pull-request-comment-branch',
    output: /^(?:head_)?ref$/,
    shape: 'ref',
    what: BRANCH,
  },
  {
    repository: 'amannn/action-semantic-pull-request',
    output: /^error_message$/,
    shape: 'text',
    what: 'the title of the pull request',
  },
  {
    repository: 'actions-ecosystem/action-get-merged-pull-request',
    output: /^(?:title|body)$/,
    shape: 'text',
    what: 'the text of a pull request',
  },
  {
    repository: 'potiuk/get-workflow-origin',
    output: /^(?:sourceheadbranch|headrepo)$/i,
    shape: 'ref',
    what: BRANCH,
  },
  { repository: 'kerhong/get-pull-request', output: /./, shape: 'text', what: 'the text of a pull request' },
];

export function findKnownOutput(
  repository: string,
  output: string,
): Omit<KnownOutput, 'repository'> | undefined {
  return KNOWN.find((known) => known.repository === repository && known.output.test(output));
}

/** Actions whose output is their input, changed a little: the input that it is made of. */
const PASSED_ON: readonly { readonly repository: string; readonly output: string; readonly input: string }[] =
  [
    { repository: 'frabert/replace-string-action', output: 'replaced', input: 'string' },
    { repository: 'mad9000/actions-find-and-replace-string', output: 'value', input: 'source' },
    { repository: 'actions-ecosystem/action-regex-match', output: 'match', input: 'text' },
    { repository: 'haya14busa/action-cond', output: 'value', input: 'if_true' },
  ];

export function findPassedOn(repository: string, output: string): string | undefined {
  return PASSED_ON.find((each) => each.repository === repository && each.output === output)?.input;
}
