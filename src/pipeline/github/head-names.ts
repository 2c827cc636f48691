import { type ExpressionNode, pathOf, walkExpression } from '../expression.ts';
import type { Job, Step, Variable } from '../model.ts';
import { findJob } from '../needed-jobs.ts';
import type { Expression, Text } from '../text.ts';

/** How something names code of a pull request. */
export type HeadReference =
  /** The commit itself. */
  | 'commit'
  /** `refs/pull/N/…` or the pull request's number: what is there when the job comes to it. */
  | 'pull-ref'
  /** The name of the branch, in this repository or in the fork. */
  | 'branch'
  /** Another repository: the fork. */
  | 'repository';

export interface HeadName {
  readonly reference: HeadReference;
  /** False for a guess by the name of an output. */
  readonly certain: boolean;
  /** Asked for while the job runs: whatever is newest by then, even when it is a commit. */
  readonly lookedUp: boolean;
  /** The payload that it stands in; under other events it is empty. */
  readonly payload: 'pull_request' | 'workflow_run' | 'any';
}

/** What an input of a called workflow or of an action was given, and where. */
export type GivenInputs = (name: string) => { readonly text: Text; readonly place: HeadPlace } | undefined;

/** From where a name is looked at: variables and outputs mean something else elsewhere. */
export interface HeadPlace {
  readonly job: Job;
  readonly step?: Step | undefined;
  readonly given?: GivenInputs | undefined;
}

const COMMITS = new Set([
  'github.event.pull_request.head.sha',
  'github.event.pull_request.merge_commit_sha',
  'github.event.workflow_run.head_sha',
  'github.event.workflow_run.head_commit.id',
  'github.event.workflow_run.pull_requests.*.head.sha',
]);
const BRANCHES = new Set([
  'github.head_ref',
  'github.event.pull_request.head.ref',
  'github.event.pull_request.head.label',
  'github.event.workflow_run.head_branch',
  'github.event.workflow_run.pull_requests.*.head.ref',
]);
const REPOSITORY =
  /^github\.event\.(?:pull_request\.head\.repo|workflow_run\.head_repository)\.(?:full_name|name|clone_url|ssh_url|git_url|html_url|url)$/;
const NUMBERS = new Set(['github.event.workflow_run.pull_requests.*.number']);

function classifyPath(path: string): HeadName | undefined {
  const payload = path.startsWith('github.event.workflow_run') ? 'workflow_run' : 'pull_request';
  const name = (reference: HeadReference): HeadName => ({
    reference,
    certain: true,
    lookedUp: false,
    payload,
  });
  if (COMMITS.has(path)) return name('commit');
  if (BRANCHES.has(path)) return name('branch');
  if (NUMBERS.has(path)) return name('pull-ref');
  return REPOSITORY.test(path) ? name('repository') : undefined;
}

/** Outputs that are called so hold what they are called; a guess, and said to be one. */
const NAMED_LIKE_HEAD =
  /(?:^|[._-])(?:head[._-]?(?:sha|ref|branch)|source[._-]?(?:branch|headsha|headbranch)|pr[._-]?(?:sha|ref|branch|head|number)|pull[._-]?request[._-]?(?:sha|ref)|ref|sha|branch)$/;
const NAMED_LIKE_BRANCH = /(?:ref|branch)$/;

/** Actions whose purpose it is to say what a pull request's head is; all of their outputs count. */
const LOOKUPS = new Set([
  'xt0rted/pull-request-comment-branch',
  'alessbell/pull-request-comment-branch',
  'gotson/pull-request-comment-branch',
  'eficode/resolve-pr-refs',
  'potiuk/get-workflow-origin',
  'juliangruber/find-pull-request-action',
  '8bitjonny/gh-get-current-pr',
  'github/branch-deploy',
]);
/** What is taken from the platform's answer about a pull request, in shell and in JavaScript. */
const ASKS_FOR_HEAD = /\bhead\.(?:sha|ref)\b|headRef(?:Oid|Name)/;
const OF_BASE = /\b(?:base|target)|[_-](?:base|target)/;
const TEXT_CHARS_MAX = 50_000;

export function asksForHead(text: string): boolean {
  return ASKS_FOR_HEAD.test(text.slice(0, TEXT_CHARS_MAX));
}

/** Names lead to names: variables to outputs to inputs of callers. */
const DEPTH_MAX = 6;
const VALUES_MAX = 50;

function classifyTexts(
  texts: readonly (Text | undefined)[],
  place: HeadPlace,
  depth: number,
): HeadName | undefined {
  for (const text of texts.slice(0, VALUES_MAX)) {
    for (const expression of (text?.expressions ?? []).slice(0, VALUES_MAX)) {
      const found = classifyExpression(expression, place, depth + 1);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

const LINES_MAX = 2_000;

function readsVariable(line: string, name: string): boolean {
  return [`$${name}`, `\${${name}`].some((use) => {
    const at = line.indexOf(use);
    return at !== -1 && !/\w/.test(line[at + use.length] ?? '');
  });
}

/** A variable of the step that a line hands on as the output: `echo "sha=$HEAD_SHA" >> "$GITHUB_OUTPUT"`. */
function classifyWritten(step: Step, script: string, output: string, place: HeadPlace, depth: number) {
  const lines = script.slice(0, TEXT_CHARS_MAX).split('\n', LINES_MAX);
  const written = lines.filter((line) => line.toLowerCase().includes(`${output}=`)).slice(0, 5);
  const handed = step.env.filter(({ name }) => written.some((line) => readsVariable(line, name)));
  return classifyTexts(
    handed.map(({ value }) => value),
    { ...place, step },
    depth,
  );
}

/** What a step says about a head: because it is made for it, asks for one, or is given one. */
function classifyOutput(step: Step, output: string, place: HeadPlace, depth: number): HeadName | undefined {
  const { work } = step;
  const reference = NAMED_LIKE_BRANCH.test(output) ? 'branch' : 'commit';
  const found: HeadName = { reference, certain: true, lookedUp: true, payload: 'any' };
  if (OF_BASE.test(output)) return undefined;
  if (work.kind === 'script') {
    if (asksForHead(work.text.value)) return found;
    const given = classifyTexts([work.text], { ...place, step }, depth);
    return given ?? classifyWritten(step, work.text.value, output, place, depth);
  }
  if (work.kind !== 'action') return undefined;
  const isNamed = NAMED_LIKE_HEAD.test(output);
  if (LOOKUPS.has(work.reference.repository)) return isNamed ? found : undefined;
  const texts = work.inputs.map(({ value }) => value);
  if (texts.some((text) => asksForHead(text?.value ?? ''))) return found;
  const given = classifyTexts(texts, { ...place, step }, depth);
  if (given !== undefined) return isNamed ? given : { ...given, certain: false };
  // A script that can be read, and asks for nothing, is no reason to guess.
  const isRead = work.reference.repository === 'actions/github-script';
  return isNamed && !isRead ? { ...found, certain: false } : undefined;
}

function findStep(id: string | undefined, { job, step }: HeadPlace): Step | undefined {
  const end = step === undefined || step.job !== job ? job.steps.length : step.index;
  return job.steps.find((each) => each.index < end && each.id?.toLowerCase() === id);
}

/** `steps.<id>.outputs.<name>`, `needs.<job>.outputs.<name>`. */
function classifyOutputPath(path: string, place: HeadPlace, depth: number): HeadName | undefined {
  const [context, id, , ...rest] = path.split('.');
  const output = rest.join('.');
  if (context === 'steps') {
    const step = findStep(id, place);
    return step === undefined ? undefined : classifyOutput(step, output, place, depth);
  }
  const job = findJob(place.job.pipeline, id ?? '');
  const value = job?.outputs.find(({ name }) => name.toLowerCase() === output)?.value;
  if (job !== undefined && value !== undefined)
    return classifyTexts([value], { job, given: place.given }, depth);
  if (job?.call === undefined || !NAMED_LIKE_HEAD.test(output)) return undefined;
  return { reference: 'commit', certain: false, lookedUp: true, payload: 'any' };
}

const HEAD_MEMBER = /^(?:head\.(?:sha|ref|repo\.\w+)|headref\w{0,10}|(?:head_)?(?:sha|ref|branch))$/;

/** `fromJSON(steps.x.outputs.y).head.sha`: a member of an answer that a step got. */
function classifyMember(node: ExpressionNode, place: HeadPlace, depth: number): HeadName | undefined {
  const members: string[] = [];
  let base = node;
  while (base.kind === 'property' && members.length < 8) {
    members.unshift(base.name.toLowerCase());
    base = base.object;
  }
  const [argument] = base.kind === 'call' && base.name.toLowerCase() === 'fromjson' ? base.args : [];
  const path = argument === undefined ? undefined : pathOf(argument);
  const member = members.join('.').replace(/^data\./, '');
  if (path === undefined || !isOutput(path) || !HEAD_MEMBER.test(member)) return undefined;
  const reference = member.includes('repo') ? 'repository' : member.endsWith('sha') ? 'commit' : 'branch';
  // Nothing but a pull request has a member like this, whoever asked for it.
  const certain = member.startsWith('head') || classifyOutputPath(path, place, depth)?.certain === true;
  return { reference, certain, lookedUp: true, payload: 'any' };
}

function isOutput(path: string): boolean {
  return /^(?:steps|needs)\..*\.outputs\./.test(path);
}

function findVariable(name: string, { step, job }: HeadPlace): Variable | undefined {
  const levels = [step?.env ?? [], job.env, job.pipeline.env];
  const isNamed = (each: Variable) => each.name.toLowerCase() === name.toLowerCase();
  return levels.map((level) => level.find(isNamed)).find((found) => found !== undefined);
}

/** What a variable of the step, the job or the workflow was given. */
export function classifyVariable(name: string, place: HeadPlace, depth = 0): HeadName | undefined {
  return depth > DEPTH_MAX ? undefined : classifyTexts([findVariable(name, place)?.value], place, depth);
}

function classifyInput(name: string, place: HeadPlace, depth: number): HeadName | undefined {
  const given = place.given?.(name);
  return given === undefined ? undefined : classifyTexts([given.text], given.place, depth);
}

const INPUT = /^(?:github\.event\.)?inputs\.(.+)$/;

/** How an expression names a pull request's code; undefined when it does not. */
export function classifyExpression(
  expression: Expression,
  place: HeadPlace,
  depth = 0,
): HeadName | undefined {
  if (!expression.parsed.ok || depth > DEPTH_MAX) return undefined;
  for (const node of walkExpression(expression.parsed.root)) {
    const found = classifyNode(node, place, depth);
    if (found !== undefined) return found;
  }
  return undefined;
}

function classifyNode(node: ExpressionNode, place: HeadPlace, depth: number): HeadName | undefined {
  const path = pathOf(node);
  if (path === undefined) return node.kind === 'property' ? classifyMember(node, place, depth) : undefined;
  const direct = classifyPath(path);
  if (direct !== undefined) return direct;
  if (path.startsWith('env.')) return classifyVariable(path.slice('env.'.length), place, depth);
  const input = INPUT.exec(path)?.[1];
  if (input !== undefined) return classifyInput(input, place, depth);
  return isOutput(path) ? classifyOutputPath(path, place, depth) : undefined;
}
