/**
 * What an attacker can write into: GitHub's webhook payloads (“Webhook events and payloads”) and its page “Secure
 * use reference: good practices for mitigating script injection attacks”. Only values that carry free characters
 * are here; ids, numbers, hashes, dates, logins and enumerations cannot carry code.
 */
export type Shape =
  /** Any characters. */
  | 'text'
  /** No space and none of `~^:?*[\`, but `$(){};|&'"` and backticks are allowed (git-check-ref-format). */
  | 'ref'
  | 'path'
  | 'email'
  | 'label';

interface Source {
  readonly path: string;
  readonly shape: Shape;
  readonly events: readonly string[];
}

const PULL_REQUEST_EVENTS = [
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
];
const ISSUE_EVENTS = ['issues', 'issue_comment'];
const DISCUSSION_EVENTS = ['discussion', 'discussion_comment'];
const COMMENT_EVENTS = [
  'issue_comment',
  'pull_request_review_comment',
  'discussion_comment',
  'commit_comment',
];

function sources(events: readonly string[], shape: Shape, ...paths: readonly string[]): Source[] {
  return paths.map((path) => ({ path, shape, events }));
}

function commitSources(prefix: string, events: readonly string[]): Source[] {
  const people = ['author.name', 'committer.name'].map((path) => `${prefix}.${path}`);
  const mails = ['author.email', 'committer.email'].map((path) => `${prefix}.${path}`);
  return [...sources(events, 'text', `${prefix}.message`, ...people), ...sources(events, 'email', ...mails)];
}

const SOURCES: readonly Source[] = [
  ...sources(ISSUE_EVENTS, 'text', 'github.event.issue.title', 'github.event.issue.body'),
  ...sources(DISCUSSION_EVENTS, 'text', 'github.event.discussion.title', 'github.event.discussion.body'),
  ...sources(COMMENT_EVENTS, 'text', 'github.event.comment.body'),
  ...sources(['pull_request_review'], 'text', 'github.event.review.body'),
  ...sources(['pull_request_review_comment'], 'text', 'github.event.review_comment.body'),
  ...sources(['gollum'], 'text', 'github.event.pages.*.page_name', 'github.event.pages.*.title'),
  ...sources(
    PULL_REQUEST_EVENTS,
    'text',
    'github.event.pull_request.title',
    'github.event.pull_request.body',
  ),
  ...sources(
    PULL_REQUEST_EVENTS,
    'text',
    'github.event.pull_request.head.repo.description',
    'github.event.pull_request.head.repo.homepage',
  ),
  ...sources(
    PULL_REQUEST_EVENTS,
    'ref',
    'github.head_ref',
    'github.event.pull_request.head.ref',
    'github.event.pull_request.head.repo.default_branch',
  ),
  ...sources(PULL_REQUEST_EVENTS, 'label', 'github.event.pull_request.head.label'),
  ...sources(
    ['pull_request', 'pull_request_target', 'issues'],
    'text',
    'github.event.changes.title.from',
    'github.event.changes.body.from',
  ),
  ...sources(PULL_REQUEST_EVENTS, 'ref', 'github.event.changes.head.ref.from'),
  ...sources(
    ['workflow_run'],
    'text',
    'github.event.workflow_run.display_title',
    'github.event.workflow_run.head_repository.description',
  ),
  ...sources(
    ['workflow_run'],
    'ref',
    'github.event.workflow_run.head_branch',
    'github.event.workflow_run.pull_requests.*.head.ref',
  ),
  ...sources(['workflow_run'], 'path', 'github.event.workflow_run.path'),
  ...commitSources('github.event.workflow_run.head_commit', ['workflow_run']),
  ...commitSources('github.event.head_commit', ['push']),
  ...commitSources('github.event.commits.*', ['push']),
  ...sources(['merge_group'], 'ref', 'github.event.merge_group.head_ref'),
  ...commitSources('github.event.merge_group.head_commit', ['merge_group']),
  // Only somebody who can write gives these their value.
  ...sources(
    ['push', 'create', 'workflow_dispatch', 'release', 'delete'],
    'ref',
    'github.ref_name',
    'github.ref',
  ),
  ...sources(['push', 'create', 'delete'], 'ref', 'github.event.ref'),
  ...sources(['release'], 'text', 'github.event.release.name', 'github.event.release.body'),
  ...sources(['release'], 'ref', 'github.event.release.tag_name', 'github.event.release.target_commitish'),
  ...sources(['workflow_dispatch'], 'text', 'github.event.inputs.*'),
  ...sources(['repository_dispatch'], 'text', 'github.event.client_payload'),
];

const BY_PATH = new Map(SOURCES.map((source) => [source.path, source]));
/** Objects that contain something of the above: `toJSON(github.event.issue)` carries its title. */
const CONTAINERS = new Map<string, Source[]>();
for (const source of SOURCES) {
  const members = source.path.split('.');
  for (let length = members.length - 1; length > 0; length -= 1) {
    const container = members.slice(0, length).join('.');
    const inside = CONTAINERS.get(container);
    if (inside === undefined) CONTAINERS.set(container, [source]);
    else inside.push(source);
  }
}

export interface UntrustedContext {
  readonly shape: Shape;
  /** Events whose payload has it. */
  readonly events: readonly string[];
  /** Whether it can have several lines; titles, names and branches are one line on the platform. */
  readonly lines: boolean;
  /** False for an object that only has it inside. */
  readonly exact: boolean;
}

const LINES = /\.(?:body|message|description)$|\.body\.from$|client_payload/;

function describe(source: Source): UntrustedContext {
  return { shape: source.shape, events: source.events, lines: LINES.test(source.path), exact: true };
}

/** What is known of a context path in lower case; undefined when nobody can write code into it. */
export function findUntrustedContext(path: string): UntrustedContext | undefined {
  const exact = BY_PATH.get(path);
  if (exact !== undefined) return describe(exact);
  const open = ['github.event.inputs.', 'github.event.client_payload.'].find((each) => path.startsWith(each));
  const whole = open === undefined ? undefined : (BY_PATH.get(`${open}*`) ?? BY_PATH.get(open.slice(0, -1)));
  if (whole !== undefined) return describe(whole);
  // `commits[0]` and `commits.*` are written alike by `pathOf`; a named member of a list does not exist.
  const inside = CONTAINERS.get(path);
  if (inside === undefined) return undefined;
  const events = [...new Set(inside.flatMap((source) => source.events))];
  // As JSON a text keeps its line breaks to itself.
  return { shape: 'text', events, lines: false, exact: false };
}
