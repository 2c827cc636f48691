import type { Expression } from './expression.ts';

/**
 * The names from a variable to a value: `principal.ref.full` is `['principal', 'ref', 'full']` and
 * `principal.getTag("team")` is `['principal', 'tags', 'team']`. Undefined for everything else.
 */
export function accessPath(expression: Expression): readonly string[] | undefined {
  if (expression.kind === 'variable') return [expression.name];
  if (expression.kind === 'attribute') {
    const path = accessPath(expression.of);
    return path && [...path, expression.name];
  }
  if (expression.kind !== 'binary' || expression.operator !== 'getTag') return undefined;
  const path = accessPath(expression.left);
  const { right } = expression;
  if (path === undefined || right.kind !== 'literal' || typeof right.value !== 'string') return undefined;
  return [...path, 'tags', right.value];
}
