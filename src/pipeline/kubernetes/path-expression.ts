import type { ExpressionNode, ParsedExpression } from '../expression.ts';

const PART = /\.?([\w-]{1,100})|\[\s*(?:(\*|\d{1,9})|'([^'\]]{1,100})'|"([^"\]]{1,100})")\s*\]|\.(\*)/y;

function toNode(match: RegExpExecArray, object: ExpressionNode | undefined, start: number): ExpressionNode {
  const [, word, index, single, double, star] = match;
  const end = match.index + match[0].length;
  const name = word ?? single ?? double;
  if (object === undefined) return { kind: 'context', name: name ?? '', start, end };
  if (name !== undefined) return { kind: 'property', object, name, start, end };
  if (index === undefined || index === '*' || star !== undefined) {
    return { kind: 'wildcard', object, start, end };
  }
  const literal: ExpressionNode = {
    kind: 'literal',
    value: Number(index),
    start: match.index + 1,
    end: end - 1,
  };
  return { kind: 'index', object, index: literal, start, end };
}

/** `a.b-c['d'][0][*]`: a path and nothing else, as it stands in Tekton and Argo. */
export function parsePath(inner: string): ParsedExpression {
  const start = inner.length - inner.trimStart().length;
  const end = inner.trimEnd().length;
  let node: ExpressionNode | undefined;
  PART.lastIndex = start;
  while (PART.lastIndex < end) {
    const at = PART.lastIndex;
    const match = PART.exec(inner);
    // The first part has no dot before it, and every other has.
    if (match === null || (match[1] !== undefined && match[0].startsWith('.') === (node === undefined))) {
      return { ok: false, error: { message: 'not a path of names', at } };
    }
    node = toNode(match, node, start);
  }
  return node === undefined
    ? { ok: false, error: { message: 'nothing stands here', at: 0 } }
    : { ok: true, root: node };
}
