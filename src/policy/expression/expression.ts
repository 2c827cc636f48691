import type { Value } from '../engine/value.ts';

export type Variable = 'principal' | 'action' | 'resource' | 'context';

export type BinaryOperator =
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | 'in'
  | 'contains'
  | 'containsAll'
  | 'containsAny'
  | 'getTag'
  | 'hasTag';

export type UnaryOperator = '!' | 'neg' | 'isEmpty';

/** `undefined` stands for the wildcard `*`. */
export type LikePattern = readonly (string | undefined)[];

/** A condition as a tree that is easy to walk: Cedar's JSON form with one tag, and chains of && and || flat. */
export type Expression =
  | { kind: 'literal'; value: Value }
  | { kind: 'variable'; name: Variable }
  | { kind: 'unary'; operator: UnaryOperator; operand: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'and' | 'or'; operands: readonly Expression[] }
  | { kind: 'attribute'; of: Expression; name: string }
  | { kind: 'has'; of: Expression; path: readonly string[] }
  | { kind: 'like'; of: Expression; pattern: LikePattern }
  | { kind: 'is'; of: Expression; entityType: string; in: Expression | undefined }
  | { kind: 'if'; condition: Expression; consequent: Expression; alternative: Expression }
  | { kind: 'set'; items: readonly Expression[] }
  | { kind: 'record'; fields: readonly (readonly [string, Expression])[] }
  | { kind: 'call'; function: string; arguments: readonly Expression[] }
  /** Something that only cedar-wasm can evaluate. */
  | { kind: 'unsupported'; construct: string };

/** The expressions directly inside one. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'variable':
    case 'unsupported':
      return [];
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'and':
    case 'or':
      return expression.operands;
    case 'attribute':
    case 'has':
    case 'like':
      return [expression.of];
    case 'is':
      return expression.in === undefined ? [expression.of] : [expression.of, expression.in];
    case 'if':
      return [expression.condition, expression.consequent, expression.alternative];
    case 'set':
      return expression.items;
    case 'record':
      return expression.fields.map(([, field]) => field);
    case 'call':
      break;
  }
  return expression.arguments;
}

/** Visits an expression and everything inside it. */
export function visit(expression: Expression, visitor: (expression: Expression) => void): void {
  visitor(expression);
  for (const child of childrenOf(expression)) visit(child, visitor);
}
