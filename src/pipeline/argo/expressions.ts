import type { ParsedExpression } from '../expression.ts';
import { parsePath } from '../kubernetes/path-expression.ts';
import type { SourceText } from '../source.ts';
import { type Expression, readText, Text } from '../text.ts';
import type { ScalarNode, YamlNode } from '../yaml/node.ts';

const TAG = /\{\{(=?)([^{}]{1,500})\}\}/g;
/** In one text. */
const EXPRESSIONS_MAX = 1000;
/** What an expression of the second kind, `{{=…}}`, reads. */
const READ =
  /\b(?:inputs|workflow|steps|tasks|item|outputs|payload)(?:\.[\w-]{1,100}|\[["'][^\]"']{1,100}["']\]){0,6}/;
/** Whatever comes out of these is a number. */
const NUMBER = /^\s*(?:asInt|asFloat|int|float|sprig\.(?:int|int64|atoi|float64))\s*\(/;

/** The first thing that a computed tag reads stands for all of it. */
function parseComputed(inner: string): ParsedExpression {
  const read = NUMBER.test(inner) ? null : READ.exec(inner);
  const literal = { kind: 'literal', value: 0, start: 0, end: inner.length } as const;
  return read === null ? { ok: true, root: literal } : parsePath(read[0]);
}

/** `{{inputs.parameters.name}}` and `{{=expression}}`. */
export function readArgoExpressions(value: string): Omit<Expression, 'text'>[] {
  if (!value.includes('{{')) return [];
  return [...value.matchAll(TAG).take(EXPRESSIONS_MAX)].map((match) => {
    const [outer, computed = '', inner = ''] = match;
    const start = match.index + 2 + computed.length;
    return {
      outer: { start: match.index, end: match.index + outer.length },
      inner: { start, end: start + inner.length },
      parsed: computed === '' ? parsePath(inner) : parseComputed(inner),
    };
  });
}

export function toText(node: ScalarNode, source: SourceText): Text {
  return new Text(node, source, readArgoExpressions);
}

export function textOf(node: YamlNode | undefined, source: SourceText): Text | undefined {
  return readText(node, source, readArgoExpressions);
}
