import type { ExpressionNode } from '../expression.ts';
import { readExpressions } from '../github/expressions/read.ts';
import { parseExpression } from '../github/expressions/parse.ts';
import type { SourceText } from '../source.ts';
import { type Expression, Text } from '../text.ts';
import { asScalar } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/node.ts';

type Found = Omit<Expression, 'text'>;

/** `$(name)`; everything else in such brackets is left to the shell. */
const MACRO = /\$\(([A-Za-z_][\w.-]{0,200})\)/g;
const NONE: readonly Found[] = [];

function readMacro(match: RegExpExecArray): Found {
  const [outer, name = ''] = match;
  const start = match.index;
  const inner = { start: start + 2, end: start + outer.length - 1 };
  const object: ExpressionNode = { kind: 'context', name: 'variables', start: 0, end: 0 };
  const root: ExpressionNode = { kind: 'property', object, name, start: 0, end: name.length };
  return { outer: { start, end: start + outer.length }, inner, parsed: { ok: true, root } };
}

/** `$[ … ]` holds for a whole value, and is worked out when the job starts. */
function readRuntime(value: string): readonly Found[] {
  const start = value.search(/\S/);
  const end = value.trimEnd().length;
  if (start === -1 || !value.startsWith('$[', start) || !value.endsWith(']', end)) return NONE;
  const inner = { start: start + 2, end: end - 1 };
  const parsed = parseExpression(value.slice(inner.start, inner.end));
  return [{ outer: { start, end }, inner, parsed }];
}

/** `${{ … }}` when the file is read, `$(…)` before a task runs, `$[ … ]` when a job starts. */
export function readAzureExpressions(value: string): readonly Found[] {
  if (!value.includes('$')) return NONE;
  const compiled = readExpressions(value);
  const macros = [...value.matchAll(MACRO)].map(readMacro);
  const runtime = readRuntime(value);
  if (macros.length + runtime.length === 0) return compiled;
  const outside = macros.filter(({ outer }) => !isInside(outer.start, compiled));
  return [...compiled, ...outside, ...runtime].sort((left, right) => left.outer.start - right.outer.start);
}

/** Both lists are in order, so this stays cheap: it searches by halves. */
function isInside(at: number, found: readonly Found[]): boolean {
  let low = 0;
  let high = found.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((found[middle]?.outer.end ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return (found[low]?.outer.start ?? Number.POSITIVE_INFINITY) <= at;
}

/** A condition is an expression without any brackets. */
export function readAzureCondition(value: string): readonly Found[] {
  const found = readAzureExpressions(value);
  if (found.some(({ inner }) => value[inner.start - 1] !== '(')) return found;
  const whole = { start: 0, end: value.length };
  return [{ outer: whole, inner: whole, parsed: parseExpression(value) }];
}

export function azureText(node: YamlNode | undefined, source: SourceText): Text | undefined {
  const scalar = asScalar(node);
  return scalar === undefined ? undefined : new Text(scalar, source, readAzureExpressions);
}

export function azureCondition(node: YamlNode | undefined, source: SourceText): Text | undefined {
  const scalar = asScalar(node);
  return scalar === undefined ? undefined : new Text(scalar, source, readAzureCondition);
}
