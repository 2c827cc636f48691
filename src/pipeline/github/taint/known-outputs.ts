import type { ActionUse } from '../../model.ts';
import { majorVersionOf } from '../action-version.ts';
import type { Shape } from '../untrusted-contexts.ts';

/** Outputs of actions that repeat what an attacker wrote; from each action’s own documentation. */
interface KnownOutput {
  readonly repository: string;
  readonly output: RegExp;
  readonly shape: Shape;
  /** What it repeats, in words. */
  readonly what: string;
  /** Whether it asks the platform, so that the texts are outsiders’ whoever starts the run. */
  readonly from: 'platform' | 'event';
}

const FILES = 'names of files in the pull request';
const BRANCH = 'the name of the branch of the pull request';

const COMMENT = 'the text of a comment';
const REQUEST = 'the text of a pull request';
const ISSUE = 'the text of an issue';
const ANSWER = 'what the platform answered, texts of others included';

function known(
  repository: string,
  output: RegExp,
  shape: Shape,
  what: string,
  from: KnownOutput['from'],
): KnownOutput {
  return { repository, output, shape, what, from };
}

const KNOWN: readonly KnownOutput[] = [
  known('octokit/request-action', /^data$/, 'text', ANSWER, 'platform'),
  known('octokit/graphql-action', /^data$/, 'text', ANSWER, 'platform'),
  known('peter-murray/issue-body-parser-action', /^payload$/, 'text', ISSUE, 'platform'),
  known('peter-murray/issue-forms-body-parser', /^payload$/, 'text', ISSUE, 'platform'),
  known('peter-evans/find-comment', /^comment-body$/, 'text', COMMENT, 'platform'),
  known('actions-ecosystem/action-get-merged-pull-request', /^(?:title|body)$/, 'text', REQUEST, 'platform'),
  known('8bitjonny/gh-get-current-pr', /^(?:pr_title|pr_body)$/, 'text', REQUEST, 'platform'),
  known('8bitjonny/gh-get-current-pr', /^pr_head_ref$/, 'ref', BRANCH, 'platform'),
  known('jwalton/gh-find-current-pr', /^(?:title|body)$/, 'text', REQUEST, 'platform'),
  known('kerhong/get-pull-request', /./, 'text', REQUEST, 'platform'),
  known('xt0rted/slash-command-action', /^command-arguments$/, 'text', COMMENT, 'event'),
  known('khan/pull-request-comment-trigger', /^comment_body$/, 'text', COMMENT, 'event'),
  known('shanegenschaw/pull-request-comment-trigger', /^comment_body$/, 'text', COMMENT, 'event'),
  known(
    'amannn/action-semantic-pull-request',
    /^error_message$/,
    'text',
    'the title of the pull request',
    'event',
  ),
  known('tj-actions/changed-files', /files$/, 'path', FILES, 'event'),
  known('tj-actions/verify-changed-files', /files$/, 'path', FILES, 'event'),
  known('dorny/paths-filter', /_files$/, 'path', FILES, 'event'),
  known('jitterbit/get-changed-files', /./, 'path', FILES, 'event'),
  known('trilom/file-changes-action', /^files/, 'path', FILES, 'event'),
  known('ahmadnassri/action-changed-files', /^(?:files|json)/, 'path', FILES, 'event'),
  known('tj-actions/branch-names', /^(?:current_branch|head_ref_branch|ref_branch)$/, 'ref', BRANCH, 'event'),
  known('xt0rted/pull-request-comment-branch', /^(?:head_)?ref$/, 'ref', BRANCH, 'event'),
  known('alessbell/pull-request-comment-branch', /^(?:head_)?ref$/, 'ref', BRANCH, 'event'),
  known('gotson/pull-request-comment-branch', /^(?:head_)?ref$/, 'ref', BRANCH, 'event'),
  known('eficode/resolve-pr-refs', /^head_ref$/, 'ref', BRANCH, 'event'),
  known('potiuk/get-workflow-origin', /^(?:sourceheadbranch|headrepo)$/, 'ref', BRANCH, 'event'),
];

/** A branch is at the newest version; a commit without a comment says nothing. */
function isNewerThan(use: ActionUse, major: number): boolean {
  return use.reference.pin === 'branch' || (majorVersionOf(use) ?? 0) > major;
}

/** Inputs and versions by which an action’s output is no outsider’s, or cannot be more than words. */
const HARMLESS: Readonly<Record<string, (use: ActionUse) => boolean>> = {
  // Others than those who may write are refused, unless it is told to let them.
  'xt0rted/slash-command-action': (use) =>
    !/^(?:none|read|triage)$/.test(inputOf(use, 'permission-level') ?? 'write'),
  // Names are quoted for the shell in two of its formats, and not listed at all by default.
  'dorny/paths-filter': (use) => !/^(?:csv|json)$|\$\{\{/.test(inputOf(use, 'list-files') ?? 'none'),
  // From version 41 on, special characters are escaped.
  'tj-actions/changed-files': (use) => isNewerThan(use, 40) && inputOf(use, 'safe_output') !== 'false',
};

function inputOf(use: ActionUse, name: string): string | undefined {
  return use.inputs.find((each) => each.name.toLowerCase() === name)?.value?.value.trim();
}

export function findKnownOutput(use: ActionUse, output: string): KnownOutput | undefined {
  const { repository } = use.reference;
  const found = KNOWN.find((each) => each.repository === repository && each.output.test(output));
  if (found === undefined) return undefined;
  const isHarmless = Object.hasOwn(HARMLESS, repository) && HARMLESS[repository]?.(use) === true;
  return isHarmless ? undefined : found;
}

/** Actions that read a file, and the input that names it. */
const FILE_READERS: readonly {
  readonly repository: string;
  readonly output: RegExp;
  readonly input: string;
}[] = [
  { repository: 'juliangruber/read-file-action', output: /^content$/, input: 'path' },
  { repository: 'andstor/file-reader-action', output: /^contents$/, input: 'path' },
  { repository: 'guibranco/github-file-reader-action-v2', output: /^contents$/, input: 'path' },
  { repository: 'actionstools/read-json-action', output: /./, input: 'file_path' },
  { repository: 'notiz-dev/github-action-json-property', output: /^prop$/, input: 'path' },
  { repository: 'zoexx/github-action-json-file-properties', output: /^value$/, input: 'file_path' },
  { repository: 'sebrollen/toml-action', output: /^value$/, input: 'file' },
  { repository: 'komorebitech/read-files-action', output: /^content$/, input: 'path' },
];

export function findFileReader(repository: string, output: string): string | undefined {
  return FILE_READERS.find((each) => each.repository === repository && each.output.test(output))?.input;
}

/** Actions whose output is their input, changed a little: the input that it is made of. */
const PASSED_ON: readonly { readonly repository: string; readonly output: string; readonly input: string }[] =
  [
    { repository: 'frabert/replace-string-action', output: 'replaced', input: 'string' },
    { repository: 'mad9000/actions-find-and-replace-string', output: 'value', input: 'source' },
    { repository: 'actions-ecosystem/action-regex-match', output: 'match', input: 'text' },
    { repository: 'haya14busa/action-cond', output: 'value', input: 'if_true' },
    { repository: 'zentered/issue-forms-body-parser', output: 'data', input: 'body' },
    { repository: 'stefanbuck/github-issue-parser', output: 'jsonstring', input: 'issue-body' },
  ];

export function findPassedOn(repository: string, output: string): string | undefined {
  return PASSED_ON.find((each) => each.repository === repository && each.output === output)?.input;
}
