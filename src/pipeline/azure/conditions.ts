import { type ExpressionNode, pathOf } from '../expression.ts';
import type { Truth } from '../guard.ts';
import type { Text } from '../text.ts';
import type { Conditions } from './model.ts';

/** What is known of variables in a situation, by lower-case name; what is missing is not known. */
export type Situation = ReadonlyMap<string, Known>;
export type Known =
  | { readonly is: string }
  | { readonly oneOf: readonly string[] }
  | { readonly startsWith: string }
  /** Anything but empty. */
  | { readonly isSet: true };

type Value = Truth | Known | undefined;

const DEPTH_MAX = 60;

const not = (truth: Truth): Truth => (truth === 'unknown' ? truth : truth === 'true' ? 'false' : 'true');
const all = (truths: readonly Truth[]): Truth =>
  truths.includes('false') ? 'false' : truths.includes('unknown') ? 'unknown' : 'true';
const any = (truths: readonly Truth[]): Truth => not(all(truths.map(not)));

function isKnown(value: Value): value is Known {
  return typeof value === 'object';
}

/** Text is compared without case. */
function areEqual(left: Value, right: Value): Truth {
  const [a, b] = [toKnown(left), toKnown(right)];
  if (a === undefined || b === undefined) return 'unknown';
  if ('is' in a && 'is' in b) return a.is.toLowerCase() === b.is.toLowerCase() ? 'true' : 'false';
  const [vague, exact] = 'is' in a ? [b, a] : [a, b];
  if (!('is' in exact)) return 'unknown';
  if ('oneOf' in vague) {
    return vague.oneOf.some((each) => each.toLowerCase() === exact.is.toLowerCase()) ? 'unknown' : 'false';
  }
  if (exact.is === '') return 'false';
  return 'startsWith' in vague && !exact.is.toLowerCase().startsWith(vague.startsWith.toLowerCase())
    ? 'false'
    : 'unknown';
}

function toKnown(value: Value): Known | undefined {
  if (value === 'true') return { is: 'true' };
  if (value === 'false') return { is: 'false' };
  return isKnown(value) ? value : undefined;
}

function toTruth(value: Value): Truth {
  if (value === undefined) return 'unknown';
  if (!isKnown(value)) return value;
  if ('is' in value) return /^(?:|false|0)$/i.test(value.is) ? 'false' : 'true';
  return 'true';
}

function compareText(left: Value, right: Value, holds: (text: string, part: string) => boolean): Truth {
  const [text, part] = [toKnown(left), toKnown(right)];
  if (text === undefined || part === undefined || !('is' in part)) return 'unknown';
  const wanted = part.is.toLowerCase();
  if ('is' in text) return holds(text.is.toLowerCase(), wanted) ? 'true' : 'false';
  if (!('startsWith' in text)) return 'unknown';
  const start = text.startsWith.toLowerCase();
  if (start.startsWith(wanted)) return holds(start, wanted) ? 'true' : 'unknown';
  return wanted.startsWith(start) || holds('', wanted) ? 'unknown' : 'false';
}

type Calls = Readonly<Record<string, (values: readonly Value[]) => Value>>;

const CALLS: Calls = {
  eq: ([left, right]) => areEqual(left, right),
  ne: ([left, right]) => not(areEqual(left, right)),
  and: (values) => all(values.map(toTruth)),
  or: (values) => any(values.map(toTruth)),
  not: ([value]) => not(toTruth(value)),
  in: ([left, ...rest]) => any(rest.map((each) => areEqual(left, each))),
  notin: ([left, ...rest]) => not(any(rest.map((each) => areEqual(left, each)))),
  startswith: ([left, right]) => compareText(left, right, (text, part) => text.startsWith(part)),
  // The end and the middle of a text whose beginning is known stay unknown.
  contains: ([left, right]) => {
    const text = toKnown(left);
    const found = compareText(left, right, (whole, part) => whole.includes(part));
    return found === 'false' && text !== undefined && !('is' in text) ? 'unknown' : found;
  },
  endswith: ([left, right]) => {
    const text = toKnown(left);
    if (text === undefined || !('is' in text)) return 'unknown';
    return compareText(left, right, (whole, part) => whole.endsWith(part));
  },
  always: () => 'true',
  lower: ([value]) => value,
  upper: ([value]) => value,
};

function evaluateCall(
  name: string,
  args: readonly ExpressionNode[],
  situation: Situation,
  depth: number,
): Value {
  const call = Object.hasOwn(CALLS, name) ? CALLS[name] : undefined;
  return call?.(args.map((each) => evaluate(each, situation, depth + 1)));
}

function evaluate(node: ExpressionNode, situation: Situation, depth: number): Value {
  if (depth > DEPTH_MAX) return undefined;
  if (node.kind === 'literal') return { is: String(node.value ?? '') };
  if (node.kind === 'call') return evaluateCall(node.name.toLowerCase(), node.args, situation, depth);
  const path = pathOf(node);
  if (path === undefined) return undefined;
  if (path.startsWith('variables.')) return situation.get(path.slice('variables.'.length));
  return situation.get(path);
}

function evaluateText(text: Text, situation: Situation): Truth {
  const [expression, ...others] = text.expressions;
  if (expression === undefined || others.length > 0 || !expression.parsed.ok) return 'unknown';
  return toTruth(evaluate(expression.parsed.root, situation, 0));
}

/** `false` proves that what stands under the conditions does not happen in this situation. */
export function evaluateConditions(conditions: Conditions, situation: Situation): Truth {
  return all(conditions.map((each) => evaluateText(each, situation)));
}
