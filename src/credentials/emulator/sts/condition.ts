import { matchesPattern } from './string-pattern.ts';

/** Lower-case condition key to its values; a key that the request does not have is absent. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

type Comparison = (value: string, expected: string) => boolean;

interface Operator {
  compare: Comparison;
  negated: boolean;
}

const equals: Comparison = (value, expected) => value === expected;
const equalsIgnoreCase: Comparison = (value, expected) => value.toLowerCase() === expected.toLowerCase();

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['StringEquals', { compare: equals, negated: false }],
  ['StringNotEquals', { compare: equals, negated: true }],
  ['StringEqualsIgnoreCase', { compare: equalsIgnoreCase, negated: false }],
  ['StringNotEqualsIgnoreCase', { compare: equalsIgnoreCase, negated: true }],
  ['StringLike', { compare: matchesPattern, negated: false }],
  ['StringNotLike', { compare: matchesPattern, negated: true }],
  ['Bool', { compare: equalsIgnoreCase, negated: false }],
]);

const NAME = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

interface ParsedOperator extends Operator {
  quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  ifExists: boolean;
}

function parseOperator(name: string): ParsedOperator | undefined {
  const [, quantifier, base = '', ifExists] = NAME.exec(name) ?? [];
  const operator = OPERATORS.get(base);
  if (operator === undefined) return undefined;
  if (quantifier !== undefined && quantifier !== 'ForAllValues' && quantifier !== 'ForAnyValue')
    return undefined;
  return { ...operator, quantifier, ifExists: ifExists !== undefined };
}

/** True for an operator whose meaning this emulator knows: others are refused when the policy is read. */
export function isKnownOperator(name: string): boolean {
  return name === 'Null' || parseOperator(name) !== undefined;
}

/** One value against the list of a policy: any of it for `StringEquals`, none of it for `StringNotEquals`. */
function holds({ compare, negated }: Operator, value: string, expected: readonly string[]): boolean {
  return expected.some((candidate) => compare(value, candidate)) !== negated;
}

function evaluate(
  operator: ParsedOperator,
  values: readonly string[] | undefined,
  expected: readonly string[],
) {
  if (values === undefined || values.length === 0) {
    // IAM's own rules for absent keys, `ForAllValues` being the trap among them: it is true without any value.
    if (operator.quantifier === 'ForAllValues' || operator.ifExists) return true;
    return operator.quantifier === undefined && operator.negated;
  }
  if (operator.quantifier === 'ForAllValues')
    return values.every((value) => holds(operator, value, expected));
  if (operator.quantifier === 'ForAnyValue' || !operator.negated) {
    return values.some((value) => holds(operator, value, expected));
  }
  return values.every((value) => holds(operator, value, expected));
}

/** All operators and all keys of a statement's condition must hold; of the values of one key, one. */
export function conditionHolds(
  condition: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
  context: ConditionContext,
): boolean {
  return Object.entries(condition).every(([name, keys]) =>
    Object.entries(keys).every(([key, expected]) => {
      const values = context.get(key.toLowerCase());
      if (name === 'Null') return expected.some((wanted) => (wanted === 'true') === (values === undefined));
      const operator = parseOperator(name);
      return operator !== undefined && evaluate(operator, values, expected);
    }),
  );
}
