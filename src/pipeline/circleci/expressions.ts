import type { ExpressionNode } from '../expression.ts';
import type { Expression, ExpressionReader } from '../text.ts';
import { pathOf } from '../expression.ts';

/** Longer ones are no insertion but a here-document that never closes. */
const INNER_CHARACTERS_MAX = 200;
const EXPRESSIONS_MAX = 500;
/** `#`, `^` and `/` open and close a section that depends on the value. */
const PATH = /^\s*(?:[#^/]\s*)?((?:pipeline|parameters|matrix|trigger)(?:\.[A-Za-z0-9_-]{1,80}){1,8})\s*$/;

function parsePath(path: string, start: number): ExpressionNode {
  const end = start + path.length;
  const [first = '', ...others] = path.split('.');
  let node: ExpressionNode = { kind: 'context', name: first, start, end: start + first.length };
  let at = start + first.length;
  for (const name of others) {
    at += 1 + name.length;
    node = { kind: 'property', object: node, name, start, end: Math.min(at, end) };
  }
  return node;
}

function readAt(value: string, open: number, close: number): Omit<Expression, 'text'> | undefined {
  const inner = { start: open + 2, end: close };
  const written = value.slice(inner.start, inner.end);
  const path = PATH.exec(written)?.[1];
  if (path === undefined) return undefined;
  const root = parsePath(path, written.indexOf(path));
  return { outer: { start: open, end: close + 2 }, inner, parsed: { ok: true, root } };
}

/** `<< pipeline.git.branch >>`; `\<<` is text, and so are the here-documents of a shell. */
export const readExpressions: ExpressionReader = (value) => {
  const found: Omit<Expression, 'text'>[] = [];
  let open = value.indexOf('<<');
  while (open !== -1 && found.length < EXPRESSIONS_MAX) {
    const window = value.slice(open + 2, open + 2 + INNER_CHARACTERS_MAX);
    const close = window.indexOf('>>');
    const isText = value[open - 1] === '\\' || close === -1;
    const expression = isText ? undefined : readAt(value, open, open + 2 + close);
    if (expression !== undefined) found.push(expression);
    open = value.indexOf('<<', expression?.outer.end ?? open + 1);
  }
  return found;
};

/** `pipeline.git.branch`, in lower case; undefined for what is no path. */
export function pathOfExpression({ parsed }: Pick<Expression, 'parsed'>): string | undefined {
  return parsed.ok ? pathOf(parsed.root) : undefined;
}
