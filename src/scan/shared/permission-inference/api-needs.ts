import { readScopes, type ScopeAccess } from './need.ts';

type Verb = 'read' | 'write';

/** Segments behind `repos/OWNER/NAME/`, the most specific first. An empty scope is everybody’s to read. */
const PATHS: readonly (readonly [pattern: RegExp, scope: string])[] = [
  [
    /^issues\/comments\b|^issues\/[^/]{1,80}\/(?:comments|labels|assignees|reactions|lock|timeline)\b/,
    'conversation',
  ],
  [/^issues\b/, 'issues'],
  [/^(?:labels|milestones|assignees)\b/, 'issues'],
  [/^pulls\/[^/]{1,80}\/(?:merge|update-branch)\b/, 'contents pull-requests'],
  [/^pulls\b/, 'pull-requests'],
  [/^commits\/[^/]{1,200}\/(?:check-runs|check-suites)\b/, 'checks'],
  [/^commits\/[^/]{1,200}\/status(?:es)?\b/, 'statuses'],
  [/^commits\/[^/]{1,200}\/pulls\b/, 'pull-requests'],
  [/^statuses\b/, 'statuses'],
  [/^(?:check-runs|check-suites)\b/, 'checks'],
  [/^deployments\b/, 'deployments'],
  [/^environments\b/, 'actions'],
  [/^actions\b/, 'actions'],
  [/^pages\b/, 'pages'],
  [/^code-scanning\b/, 'security-events'],
  [/^attestations\b/, 'attestations'],
  [/^discussions\b/, 'discussions'],
  [
    /^(?:contents|git|releases|branches|commits|compare|merges|tags|zipball|tarball|readme|dispatches|dependency-graph)\b/,
    'contents',
  ],
];
/** Does not change anything, although it is sent like something that does. */
const READS_BY_POST = /^(?:releases\/generate-notes|markdown)\b/;

function withAccess(scopes: string, verb: Verb): ScopeAccess[] {
  return scopes
    .split(' ')
    .filter(Boolean)
    .map((scope) => ({ scope, access: verb }));
}

const OPEN = /^(?:$|(?:languages|topics|contributors|collaborators|stargazers|subscribers|license|forks)\b)/;

function needsBelow(path: string, verb: Verb): readonly ScopeAccess[] | undefined {
  if (OPEN.test(path)) return [];
  const known = PATHS.find(([pattern]) => pattern.test(path));
  return known === undefined ? undefined : withAccess(known[1], READS_BY_POST.test(path) ? 'read' : verb);
}

/** `repos/OWNER/NAME`, either of them or both as one variable, and what is below. */
const REPOSITORIES = [
  /^repos\/[^/]{1,200}\/[^/\s?]{1,200}(?:\s{1,9}\}\})?(?:\/(.*))?$/,
  /^repos\/\$[^/]{1,200}(?:\/(.*))?$/,
];

/** What a call of the REST interface needs; undefined for a path that is not known. */
export function needsOfRestPath(method: string, path: string): readonly ScopeAccess[] | undefined {
  const plain = path
    .replace(/^["'`]|["'`]$/g, '')
    .replace(/^https?:\/\/(?:api|uploads)\.github\.com/, '')
    .replace(/^\/{1,2}/, '');
  const verb: Verb = /^(?:GET|HEAD)$/i.test(method) ? 'read' : 'write';
  if (/^(?:orgs|users|user)\/(?:[^/]{1,100}\/)?packages\b/.test(plain)) return withAccess('packages', verb);
  if (
    /^(?:orgs|users|user|search|rate_limit|meta|licenses|gists|emojis|zen|app|apps|installation)\b/.test(
      plain,
    )
  )
    return [];
  for (const pattern of REPOSITORIES) {
    const rest = pattern.exec(plain);
    const needs = rest === null ? undefined : needsBelow(rest[1] ?? '', verb);
    if (needs !== undefined) return needs;
  }
  return undefined;
}

const MUTATIONS: Readonly<Record<string, string>> = {
  addComment: 'conversation:w',
  updateIssueComment: 'conversation:w',
  deleteIssueComment: 'conversation:w',
  minimizeComment: 'conversation:w',
  // The REST call for the same is content with `pull-requests: write` (cli/cli#4631).
  addLabelsToLabelable: 'issues:w conversation:w',
  removeLabelsFromLabelable: 'issues:w conversation:w',
  addAssigneesToAssignable: 'conversation:w',
  createIssue: 'issues:w',
  updateIssue: 'issues:w',
  closeIssue: 'issues:w',
  reopenIssue: 'issues:w',
  pinIssue: 'issues:w',
  createLabel: 'issues:w',
  createPullRequest: 'pull-requests:w',
  updatePullRequest: 'pull-requests:w',
  closePullRequest: 'pull-requests:w',
  markPullRequestReadyForReview: 'pull-requests:w',
  convertPullRequestToDraft: 'pull-requests:w',
  addPullRequestReview: 'pull-requests:w',
  submitPullRequestReview: 'pull-requests:w',
  requestReviews: 'pull-requests:w',
  enablePullRequestAutoMerge: 'contents:w pull-requests:w',
  mergePullRequest: 'contents:w pull-requests:w',
  enqueuePullRequest: 'contents:w pull-requests:w',
  createCommitOnBranch: 'contents:w',
  createRef: 'contents:w',
  updateRef: 'contents:w',
  deleteRef: 'contents:w',
  mergeBranch: 'contents:w',
  createDiscussion: 'discussions:w',
  addDiscussionComment: 'discussions:w',
  updateDiscussion: 'discussions:w',
  createDeployment: 'deployments:w',
};
const QUERIES: readonly (readonly [RegExp, string])[] = [
  [/\bpullRequests?\s{0,9}[({]/, 'pull-requests:r'],
  [/\bissues?\s{0,9}[({]/, 'issues:r'],
  [/\bdiscussions?\s{0,9}[({]/, 'discussions:r'],
  [/\b(?:object|ref|refs|releases)\s{0,9}[({]/, 'contents:r'],
];

/** What a GraphQL document needs; undefined when it changes something by a mutation that is not known. */
export function needsOfGraphql(document: string): readonly ScopeAccess[] | undefined {
  const words = [...new Set(document.match(/\b[A-Za-z]{3,60}\b/g))];
  const known = words.flatMap((word) =>
    Object.hasOwn(MUTATIONS, word) ? readScopes(MUTATIONS[word] ?? '') : [],
  );
  if (/\bmutation\b/.test(document))
    return known.length > 0 || /ProjectV2/.test(document) ? known : undefined;
  const read = QUERIES.flatMap(([pattern, scopes]) => (pattern.test(document) ? readScopes(scopes) : []));
  return read.length > 0 || /\bquery\b/.test(document) ? read : undefined;
}

const NAMESPACES: Readonly<Record<string, string>> = {
  issues: 'issues',
  pulls: 'pull-requests',
  git: 'contents',
  checks: 'checks',
  actions: 'actions',
  packages: 'packages',
  codeScanning: 'security-events',
  reactions: 'conversation',
  dependencyGraph: 'contents',
  search: '',
  users: '',
  orgs: '',
  teams: '',
  rateLimit: '',
  meta: '',
  activity: '',
  licenses: '',
  markdown: '',
  projects: '',
  apps: '',
  gists: '',
  emojis: '',
};
const OF_REPOSITORY: readonly (readonly [RegExp, string])[] = [
  [/CommitStatus|CombinedStatus/, 'statuses'],
  [/Deployment/, 'deployments'],
  [/Pages/, 'pages'],
  [/Environment/, 'actions'],
  [/PullRequestsAssociated/, 'pull-requests'],
  [/Collaborator|Languages|Topics|Contributors|^get$|^listFor|Team/, ''],
  [/Attestation/, 'attestations'],
  [/Content|Release|Branch|Commit|Merge|merge|Tag|Ref|Readme|Dispatch|Archive|File|Comment/, 'contents'],
];
const READS = /^(?:get|list|check|compare|download|render|generateReleaseNotes)/;
const CONVERSATION = /Comment|Label|Assignee|^(?:lock|unlock|get|update)$/;

/** What a method of Octokit needs: `issues`, `createComment`; undefined when it is not known. */
export function needsOfOctokit(namespace: string, method: string): readonly ScopeAccess[] | undefined {
  const verb: Verb = READS.test(method) ? 'read' : 'write';
  if (namespace === 'repos') {
    const known = OF_REPOSITORY.find(([pattern]) => pattern.test(method));
    return known === undefined ? undefined : withAccess(known[1], verb);
  }
  if (namespace === 'issues') {
    const shared =
      CONVERSATION.test(method) && !/^(?:create|update|delete|get)Label$|LabelsForRepo/.test(method);
    return withAccess(shared ? 'conversation' : 'issues', verb);
  }
  if (namespace === 'pulls' && /^(?:merge|updateBranch)$/.test(method))
    return withAccess('contents pull-requests', 'write');
  const scope = Object.hasOwn(NAMESPACES, namespace) ? NAMESPACES[namespace] : undefined;
  return scope === undefined ? undefined : withAccess(scope, verb);
}
