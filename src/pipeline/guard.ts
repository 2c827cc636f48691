import type { BinaryOperator, ExpressionNode } from './expression.ts';
import { pathOf } from './expression.ts';
import type { Guard, Job, Pipeline } from './model.ts';

/** What a condition comes to when not everything is known. */
export type Truth = 'true' | 'false' | 'unknown';
type Constant = string | number | boolean | null;

/**
 * What is known of a context path. Undefined stands for nothing known at all.
 */
export type Knowledge =
  | { readonly oneOf: readonly Constant[] }
  /** A name of somebody who is nobody of the project: never one that a condition spells out. */
  | { readonly foreign: string; readonly mayBeBot?: boolean }
  /** A name of the project's own: equal to what a condition spells out, or not, but never a foreign one. */
  | { readonly own: string }
  | { readonly list: readonly Constant[] };

/** Knowledge under an assumption: “an outsider opens a pull request from a fork”. Paths in lower case. */
export type Assumption = (path: string) => Knowledge | undefined;

type Value = Knowledge | undefined;

function isTruthy(value: Constant): boolean {
  return value !== false && value !== 0 && value !== '' && value !== null && !Number.isNaN(value);
}

function toTruth(value: Value): Truth {
  if (value === undefined) return 'unknown';
  if (!('oneOf' in value)) return 'true';
  const truths = new Set(value.oneOf.map(isTruthy));
  if (truths.size !== 1) return 'unknown';
  return truths.has(true) ? 'true' : 'false';
}

const truthValue = (truth: boolean): Value => ({ oneOf: [truth] });

/** Loose equality: text without case, and anything else as numbers. */
function areEqual(left: Constant, right: Constant): boolean {
  if (typeof left === 'string' && typeof right === 'string')
    return left.toLowerCase() === right.toLowerCase();
  if (typeof left === typeof right) return left === right;
  return Number(left ?? 0) === Number(right ?? 0);
}

function compareEqual(left: Value, right: Value): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  const [foreign, other] = 'foreign' in left ? [left, right] : [right, left];
  if ('foreign' in foreign) {
    const bot = 'oneOf' in other && other.oneOf.some((name) => String(name).endsWith('[bot]'));
    if (bot && foreign.mayBeBot === true) return undefined;
    return 'oneOf' in other || 'own' in other ? false : undefined;
  }
  if (!('oneOf' in left) || !('oneOf' in right)) return undefined;
  const results = new Set(left.oneOf.flatMap((a) => right.oneOf.map((b) => areEqual(a, b))));
  return results.size === 1 ? results.has(true) : undefined;
}

function evaluateBinary(operator: BinaryOperator, left: Value, right: Value): Value {
  if (operator === '&&') {
    const truth = toTruth(left);
    if (truth === 'false') return left;
    if (truth === 'true') return right;
    return toTruth(right) === 'false' ? truthValue(false) : undefined;
  }
  if (operator === '||') {
    const truth = toTruth(left);
    if (truth === 'true') return left;
    if (truth === 'false') return right;
    return toTruth(right) === 'true' ? truthValue(true) : undefined;
  }
  if (operator !== '==' && operator !== '!=') return undefined;
  const equal = compareEqual(left, right);
  return equal === undefined ? undefined : truthValue(equal === (operator === '=='));
}

function asTexts(value: Value): readonly string[] | undefined {
  return value !== undefined && 'oneOf' in value ? value.oneOf.map(String) : undefined;
}

/** All combinations agree, or nothing is known. */
function agree(left: Value, right: Value, test: (a: string, b: string) => boolean): Value {
  const [lefts, rights] = [asTexts(left), asTexts(right)];
  if (lefts === undefined || rights === undefined) return undefined;
  const results = new Set(lefts.flatMap((a) => rights.map((b) => test(a.toLowerCase(), b.toLowerCase()))));
  const [only] = results;
  return results.size === 1 && only !== undefined ? truthValue(only) : undefined;
}

function parseList(value: Value): Value {
  const [text] = asTexts(value) ?? [];
  if (text === undefined || text.length > 10_000) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return undefined;
    const list = parsed.filter(
      (item): item is string | number => typeof item === 'string' || typeof item === 'number',
    );
    return list.length === parsed.length ? { list } : undefined;
  } catch {
    return undefined;
  }
}

function contains(where: Value, what: Value): Value {
  if (where !== undefined && 'list' in where) {
    if (what !== undefined && 'foreign' in what) {
      const equal = compareEqual(what, { oneOf: where.list });
      return equal === undefined ? undefined : truthValue(equal);
    }
    const results = new Set(asTexts(what)?.map((text) => where.list.some((item) => areEqual(item, text))));
    const [only] = results;
    return results.size === 1 && only !== undefined ? truthValue(only) : undefined;
  }
  return agree(where, what, (a, b) => a.includes(b));
}

function evaluateCall(name: string, args: readonly Value[]): Value {
  const [first, second] = args;
  switch (name.toLowerCase()) {
    case 'contains':
      return contains(first, second);
    case 'startswith':
      return agree(first, second, (a, b) => a.startsWith(b));
    case 'endswith':
      return agree(first, second, (a, b) => a.endsWith(b));
    case 'fromjson':
      return parseList(first);
    case 'always':
    case 'success':
      return truthValue(true);
    default:
      return undefined;
  }
}

function evaluateNode(node: ExpressionNode, assume: Assumption): Value {
  switch (node.kind) {
    case 'literal':
      return { oneOf: [node.value] };
    case 'not': {
      const truth = toTruth(evaluateNode(node.operand, assume));
      return truth === 'unknown' ? undefined : truthValue(truth === 'false');
    }
    case 'binary':
      return evaluateBinary(node.operator, evaluateNode(node.left, assume), evaluateNode(node.right, assume));
    case 'call':
      return evaluateCall(
        node.name,
        node.args.map((arg) => evaluateNode(arg, assume)),
      );
    case 'context':
    case 'property':
    case 'wildcard':
    case 'index':
      break;
  }
  const path = pathOf(node);
  return path === undefined ? undefined : assume(path);
}

/** Whether an expression lets a run through under an assumption. */
export function evaluateExpression(node: ExpressionNode, assume: Assumption): Truth {
  return toTruth(evaluateNode(node, assume));
}

export function evaluateGuard(guard: Guard | undefined, assume: Assumption): Truth {
  if (guard === undefined || guard.alwaysTrue) return 'true';
  const parsed = guard.expression?.parsed;
  return parsed?.ok === true ? evaluateExpression(parsed.root, assume) : 'unknown';
}

function both(left: Truth, right: Truth): Truth {
  if (left === 'false' || right === 'false') return 'false';
  return left === 'true' && right === 'true' ? 'true' : 'unknown';
}

/** A job that asks for `always()` and its like runs also when what it needs was skipped. */
const RUNS_AFTER_SKIP = /\b(?:always|failure|cancelled)\s*\(/i;

interface Verdicts {
  readonly truths: Map<Job, Truth>;
  readonly jobs: Map<Pipeline, ReadonlyMap<string, Job>>;
}

/** Each job is judged once under one assumption: the ways through a graph of needs can be as many as 2^jobs. */
const VERDICTS = new WeakMap<Assumption, Verdicts>();

function verdictsUnder(assume: Assumption): Verdicts {
  const known = VERDICTS.get(assume) ?? { truths: new Map(), jobs: new Map() };
  VERDICTS.set(assume, known);
  return known;
}

function findNeeded(job: Job, { jobs }: Verdicts): readonly Job[] {
  const { pipeline } = job;
  const byId = jobs.get(pipeline) ?? new Map(pipeline.jobs.map((each) => [each.id, each]));
  jobs.set(pipeline, byId);
  return job.needs.flatMap(({ value }) => byId.get(value) ?? []);
}

/** Whether a job runs: its own condition, and those of the jobs that it needs. */
export function evaluateJob(job: Job, assume: Assumption): Truth {
  const verdicts = verdictsUnder(assume);
  const known = verdicts.truths.get(job);
  if (known !== undefined) return known;
  const own = evaluateGuard(job.guard, assume);
  // Jobs that need each other never run; a job on its own way adds nothing to the verdict.
  verdicts.truths.set(job, own);
  const alone = own === 'false' || RUNS_AFTER_SKIP.test(job.guard?.text.value ?? '');
  const needed = alone ? [] : findNeeded(job, verdicts);
  const truth = needed.reduce<Truth>((all, each) => both(all, evaluateJob(each, assume)), own);
  verdicts.truths.set(job, truth);
  return truth;
}
