import type { Expression } from './tree.ts';

/** What stands directly in an expression. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'string':
      return expression.parts;
    case 'sequence':
      return expression.items.filter((item) => item.kind !== 'operator');
    case 'closure':
      return expression.statements;
    case 'list':
    case 'group':
    case 'annotation':
      return expression.entries.map(({ value }) => value);
    case 'chain':
      return [
        expression.head,
        ...expression.links.flatMap((link) =>
          link.kind === 'member' ? [] : link.entries.map(({ value }) => value),
        ),
      ];
    case 'name':
    case 'number':
      break;
  }
  return [];
}

/** Every expression, outside in, in the order of the file. The parser bounds the depth. */
export function visitTree(expressions: readonly Expression[], visit: (expression: Expression) => void): void {
  for (const expression of expressions) {
    visit(expression);
    visitTree(partsOf(expression), visit);
  }
}
