import type { Span } from './source.ts';

/** Places in a node are indexes into the expression's own text; `Expression.locate` turns them into the file's. */
export type ExpressionNode = Span &
  (
    | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
    | { readonly kind: 'context'; readonly name: string }
    | { readonly kind: 'property'; readonly object: ExpressionNode; readonly name: string }
    | { readonly kind: 'index'; readonly object: ExpressionNode; readonly index: ExpressionNode }
    /** `.*`: every member of the object or list. */
    | { readonly kind: 'wildcard'; readonly object: ExpressionNode }
    | { readonly kind: 'call'; readonly name: string; readonly args: readonly ExpressionNode[] }
    | { readonly kind: 'not'; readonly operand: ExpressionNode }
    | {
        readonly kind: 'binary';
        readonly operator: BinaryOperator;
        readonly left: ExpressionNode;
        readonly right: ExpressionNode;
      }
  );

export type BinaryOperator = '&&' | '||' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '=~' | '!~';

/** One thing wrong in an expression's text. */
export interface ExpressionError {
  readonly message: string;
  readonly at: number;
}

export type ParsedExpression =
  | { readonly ok: true; readonly root: ExpressionNode }
  | { readonly ok: false; readonly error: ExpressionError };

/** `github.event.issue.title`, in lower case, `*` for a wildcard or a number; undefined when computed. */
export function pathOf(node: ExpressionNode): string | undefined {
  switch (node.kind) {
    case 'context':
      return node.name.toLowerCase();
    case 'property':
      return joinPath(node.object, node.name.toLowerCase());
    case 'wildcard':
      return joinPath(node.object, '*');
    case 'index':
      return node.index.kind === 'literal' && typeof node.index.value === 'number'
        ? joinPath(node.object, '*')
        : undefined;
    case 'literal':
    case 'call':
    case 'not':
    case 'binary':
      break;
  }
  return undefined;
}

function joinPath(object: ExpressionNode, member: string): string | undefined {
  const path = pathOf(object);
  return path === undefined ? undefined : `${path}.${member}`;
}

export function childrenOf(node: ExpressionNode): readonly ExpressionNode[] {
  switch (node.kind) {
    case 'literal':
    case 'context':
      break;
    case 'property':
    case 'wildcard':
      return [node.object];
    case 'index':
      return [node.object, node.index];
    case 'call':
      return node.args;
    case 'not':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
  }
  return [];
}

function addNodes(node: ExpressionNode, nodes: ExpressionNode[]): void {
  nodes.push(node);
  for (const child of childrenOf(node)) addNodes(child, nodes);
}

/** The node and everything under it, outside in. */
export function walkExpression(node: ExpressionNode): readonly ExpressionNode[] {
  const nodes: ExpressionNode[] = [];
  addNodes(node, nodes);
  return nodes;
}
