import { EntityName, type Value, ValueSet } from '../engine/value.ts';
import type { Clause } from '../engine/compiled-policy.ts';
import { accessPath } from './access-path.ts';
import type { BinaryOperator, Expression, LikePattern } from './expression.ts';

/** What one atom asks about the value at a path. */
export type Test =
  | { kind: 'equals'; values: readonly Value[] }
  | { kind: 'like'; pattern: LikePattern }
  | { kind: 'present' }
  | { kind: 'true' }
  | { kind: 'in'; entities: readonly EntityName[] }
  | { kind: 'is'; entityType: string; entities: readonly EntityName[] }
  | { kind: 'compare'; operator: BinaryOperator; operand: Expression }
  | { kind: 'method'; name: string; operands: readonly Expression[] }
  | { kind: 'constant'; value: boolean }
  | { kind: 'other' };

export interface Atom {
  kind: 'atom';
  /** Evaluates to a Bool; the atom holds when that differs from `negated`. */
  expression: Expression;
  negated: boolean;
  /** `['principal', 'ref', 'full']`; undefined when it is about no single value. */
  path: readonly string[] | undefined;
  test: Test;
}

/**
 * A condition with its negations pushed down to the atoms, for the linter and for explanations. It says the
 * same as the condition, except that an if-then-else (`choice`) keeps its branches without their condition.
 */
export type Formula =
  | Atom
  | { kind: 'all'; parts: readonly Formula[] }
  | { kind: 'any'; parts: readonly Formula[] }
  | { kind: 'choice'; expression: Expression; negated: boolean; branches: readonly Formula[] };

/** All `when` and no `unless`. */
export function formulaOf(clauses: readonly Clause[]): Formula {
  return { kind: 'all', parts: clauses.map(({ kind, body }) => toFormula(body, kind === 'unless')) };
}

function toFormula(expression: Expression, negated: boolean): Formula {
  if (expression.kind === 'and' || expression.kind === 'or') {
    const kind = (expression.kind === 'and') === negated ? 'any' : 'all';
    return { kind, parts: expression.operands.map((operand) => toFormula(operand, negated)) };
  }
  if (expression.kind === 'unary' && expression.operator === '!') {
    return toFormula(expression.operand, !negated);
  }
  if (expression.kind === 'if') {
    const branches = [expression.consequent, expression.alternative];
    return {
      kind: 'choice',
      expression,
      negated,
      branches: branches.map((branch) => toFormula(branch, negated)),
    };
  }
  if (expression.kind === 'binary' && expression.operator === '!=') {
    return toFormula({ ...expression, operator: '==' }, !negated);
  }
  return { kind: 'atom', expression, negated, ...testIn(expression) };
}

function testIn(expression: Expression): PathTest {
  if (expression.kind === 'literal') {
    return { path: undefined, test: { kind: 'constant', value: expression.value === true } };
  }
  if (expression.kind === 'binary') return testInBinary(expression);
  if (expression.kind === 'has') {
    const path = accessPath(expression.of);
    return { path: path && [...path, ...expression.path], test: { kind: 'present' } };
  }
  if (expression.kind === 'like') {
    return { path: accessPath(expression.of), test: { kind: 'like', pattern: expression.pattern } };
  }
  if (expression.kind === 'is') {
    const { entityType, of, in: container } = expression;
    const entities = container === undefined ? [] : entitiesIn(container);
    return { path: accessPath(of), test: { kind: 'is', entityType, entities: entities ?? [] } };
  }
  if (expression.kind === 'call') {
    const [self, ...operands] = expression.arguments;
    const path = self === undefined ? undefined : accessPath(self);
    return { path, test: { kind: 'method', name: expression.function, operands } };
  }
  const path = accessPath(expression);
  return { path, test: { kind: path === undefined ? 'other' : 'true' } };
}

interface PathTest {
  path: readonly string[] | undefined;
  test: Test;
}

const NOTHING_KNOWN: PathTest = { path: undefined, test: { kind: 'other' } };

function testInBinary({ operator, left, right }: Extract<Expression, { kind: 'binary' }>): PathTest {
  const path = accessPath(left);
  if (operator === '==') return equality(path, left, right);
  if (operator === 'contains') {
    const set = literalIn(left);
    if (!(set instanceof ValueSet)) return NOTHING_KNOWN;
    return { path: accessPath(right), test: { kind: 'equals', values: [...set.members.values()] } };
  }
  if (operator === 'in') {
    const entities = entitiesIn(right);
    return entities === undefined ? NOTHING_KNOWN : { path, test: { kind: 'in', entities } };
  }
  if (operator === 'hasTag') {
    const tag = literalIn(right);
    const tagPath = path !== undefined && typeof tag === 'string' ? [...path, 'tags', tag] : undefined;
    return { path: tagPath, test: { kind: 'present' } };
  }
  const test: Test = { kind: 'compare', operator, operand: right };
  return ['<', '<=', '>', '>='].includes(operator) ? { path, test } : NOTHING_KNOWN;
}

/** Both ways round: `principal.trigger == "push"` and `"push" == principal.trigger`. */
function equality(path: readonly string[] | undefined, left: Expression, right: Expression): PathTest {
  const value = literalIn(right);
  if (path !== undefined && value !== undefined) return { path, test: { kind: 'equals', values: [value] } };
  const otherPath = accessPath(right);
  const otherValue = literalIn(left);
  if (otherPath !== undefined && otherValue !== undefined) {
    return { path: otherPath, test: { kind: 'equals', values: [otherValue] } };
  }
  return { path, test: { kind: 'compare', operator: '==', operand: right } };
}

/** The value of an expression that has no variable in it and needs no evaluation. */
export function literalIn(expression: Expression): Value | undefined {
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind !== 'set') return undefined;
  const items = expression.items.map(literalIn);
  const known = items.filter((item) => item !== undefined);
  return known.length === items.length ? new ValueSet(known) : undefined;
}

function entitiesIn(expression: Expression): readonly EntityName[] | undefined {
  const value = literalIn(expression);
  if (value instanceof EntityName) return [value];
  if (!(value instanceof ValueSet)) return undefined;
  const members = [...value.members.values()];
  return members.every((member) => member instanceof EntityName) ? members : undefined;
}

/**
 * True when the formula cannot hold unless an atom that `pins` accepts holds: one of all parts, but each
 * of the alternatives. A constant false holds never, so it pins everything.
 */
export function isPinnedBy(formula: Formula, pins: (atom: Atom) => boolean): boolean {
  switch (formula.kind) {
    case 'all':
      return formula.parts.some((part) => isPinnedBy(part, pins));
    case 'any':
      return formula.parts.every((part) => isPinnedBy(part, pins));
    case 'choice':
      return formula.branches.every((branch) => isPinnedBy(branch, pins));
    case 'atom':
      break;
  }
  if (formula.test.kind === 'constant') return formula.test.value === formula.negated;
  return pins(formula);
}

export function atomsOf(formula: Formula): Atom[] {
  if (formula.kind === 'atom') return [formula];
  return (formula.kind === 'choice' ? formula.branches : formula.parts).flatMap(atomsOf);
}

/** `forked`, `forked == true` and `forked != false` demand true; their opposites false; all else nothing. */
export function demandedBoolean({ test, negated }: Atom): boolean | undefined {
  if (test.kind === 'true') return !negated;
  if (test.kind !== 'equals' || test.values.length !== 1) return undefined;
  const [value] = test.values;
  return typeof value === 'boolean' ? value !== negated : undefined;
}
