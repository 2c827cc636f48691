import { pathOf, walkExpression } from '../expression.ts';
import type { ActionUse, Script, Step } from '../model.ts';
import type { Span } from '../source.ts';
import type { Expression, Text } from '../text.ts';

/** How a checkout names code of a pull request. */
export type HeadReference =
  /** The commit itself. */
  | 'commit'
  /** `refs/pull/N/…` or the pull request's number: what is there when the job comes to it. */
  | 'pull-ref'
  /** The name of the branch, in this repository or in the fork. */
  | 'branch'
  /** Another repository: the fork. */
  | 'repository';

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
  'github.event.workflow_run.head_branch',
  'github.event.workflow_run.pull_requests.*.head.ref',
]);
const REPOSITORIES = new Set([
  'github.event.pull_request.head.repo.full_name',
  'github.event.pull_request.head.repo.clone_url',
  'github.event.pull_request.head.repo.ssh_url',
  'github.event.pull_request.head.repo.git_url',
  'github.event.workflow_run.head_repository.full_name',
]);

/** Outputs of steps and inputs that are called so hold what they are called; a guess, and said to be one. */
const NAMED_LIKE_HEAD =
  /(?:^|[._-])(?:head[._-]?(?:sha|ref|branch)|pr[._-]?(?:sha|ref|branch|head|number)|pull[._-]?request[._-]?(?:sha|ref)|ref|sha|branch)$/;

export interface HeadUse {
  readonly reference: HeadReference;
  readonly span: Span;
  readonly certain: boolean;
}

interface Classified {
  readonly reference: HeadReference;
  readonly certain: boolean;
}

/** Scripts that ask the platform for the head of a pull request. */
const ASKS_FOR_HEAD = /\bhead\.(?:sha|ref)\b|headRef(?:Oid|Name)|\bpulls\.get\b|\bgh\s+pr\s+view\b/;

function comesFromHead(path: string, step: Step): boolean {
  const [, id] = path.split('.');
  const source = step.job.steps.find((other) => other.index < step.index && other.id?.toLowerCase() === id);
  if (source === undefined || source.work.kind === 'other') return false;
  if (source.work.kind === 'script') return ASKS_FOR_HEAD.test(source.work.text.value);
  return source.work.inputs.some(
    ({ name, value }) => name === 'script' && ASKS_FOR_HEAD.test(value?.value ?? ''),
  );
}

/** What a variable of the step, the job or the workflow was given; one that is made of others is not followed. */
function classifyVariable(name: string, step: Step): Classified | undefined {
  const levels = [step.env, step.job.env, step.job.pipeline.env];
  const variable = levels.flat().find((each) => each.name.toLowerCase() === name.toLowerCase());
  for (const { parsed } of variable?.value?.expressions ?? []) {
    const path = parsed.ok ? pathOf(parsed.root) : undefined;
    if (path !== undefined && COMMITS.has(path)) return { reference: 'commit', certain: true };
    if (path !== undefined && BRANCHES.has(path)) return { reference: 'branch', certain: true };
  }
  return undefined;
}

function classify(expression: Expression, step: Step): Classified | undefined {
  if (!expression.parsed.ok) return undefined;
  for (const node of walkExpression(expression.parsed.root)) {
    const path = pathOf(node);
    if (path === undefined) continue;
    if (COMMITS.has(path)) return { reference: 'commit', certain: true };
    if (BRANCHES.has(path)) return { reference: 'branch', certain: true };
    if (REPOSITORIES.has(path)) return { reference: 'repository', certain: true };
    const viaVariable = path.startsWith('env.')
      ? classifyVariable(path.slice('env.'.length), step)
      : undefined;
    if (viaVariable !== undefined) return viaVariable;
    if (!/^(?:steps|needs)\..*\.outputs\./.test(path)) continue;
    if (NAMED_LIKE_HEAD.test(path) || comesFromHead(path, step))
      return { reference: 'commit', certain: false };
  }
  return undefined;
}

const PULL_REF = /refs\/(?:remotes\/)?pull\/|^pull\//;

/** How the ref or the repository of a checkout names a pull request's code. */
function readReference(text: Text | undefined, step: Step): HeadUse | undefined {
  if (text === undefined) return undefined;
  for (const expression of text.expressions) {
    const found = classify(expression, step);
    if (found !== undefined) return { ...found, span: text.node };
    if (PULL_REF.test(text.value)) return { reference: 'pull-ref', span: text.node, certain: true };
    if (!expression.parsed.ok) continue;
    for (const node of walkExpression(expression.parsed.root)) {
      if (node.kind === 'literal' && typeof node.value === 'string' && PULL_REF.test(node.value)) {
        return { reference: 'pull-ref', span: text.node, certain: true };
      }
    }
  }
  return undefined;
}

/** What `actions/checkout` takes from a pull request; undefined when it takes nothing of it. */
export function findHeadCheckout(use: ActionUse, step: Step): HeadUse | undefined {
  const input = (name: string) => use.inputs.find((each) => each.name.toLowerCase() === name)?.value;
  return readReference(input('ref'), step) ?? readReference(input('repository'), step);
}

/** A line is searched as far as commands stand; patterns look back and forth in it. */
const LINE_CHARS_MAX = 2_000;
const FETCHES =
  /\bgh\s+pr\s+checkout\b|\bhub\s+pr\s+checkout\b|\bgit\s+(?:-\S+\s+)*(?:fetch|pull)\b[^\n]*\bpull\/|\bgit\s+(?:-\S+\s+)*(?:checkout|switch|reset|merge|clone|fetch|pull)\b[^\n]*\$[{\w]/;

const SHELL_VARIABLE = /\$\{?([A-Za-z_]\w*)/g;

/** What a line of git names: an expression, or a variable that was given one. */
function classifyLine(line: string, expressions: readonly Expression[], step: Step): Classified | undefined {
  const direct = expressions.map((each) => classify(each, step)).find((each) => each !== undefined);
  if (direct !== undefined) return direct;
  const variables = [...line.slice(0, LINE_CHARS_MAX).matchAll(SHELL_VARIABLE)];
  return variables.map(([, name = '']) => classifyVariable(name, step)).find((each) => each !== undefined);
}

/** A script that brings the code of a pull request into the workspace. */
export function findHeadFetch(script: Script, step: Step): HeadUse | undefined {
  let start = 0;
  for (const line of script.text.value.split('\n', 5_000)) {
    const end = start + line.length;
    if (FETCHES.test(line.slice(0, LINE_CHARS_MAX))) {
      const from = start;
      const inLine = script.text.expressions.filter(({ outer }) => outer.start >= from && outer.start < end);
      const direct = /\bpr\s+checkout\b|\bpull\//.test(line);
      const named = classifyLine(line, inLine, step);
      if (direct || named !== undefined) {
        const span = script.text.span(start + line.length - line.trimStart().length, end);
        return {
          reference: named?.reference ?? 'pull-ref',
          span,
          certain: direct || named?.certain === true,
        };
      }
    }
    start = end + 1;
  }
  return undefined;
}
