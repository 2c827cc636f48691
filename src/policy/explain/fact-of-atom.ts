import type { Fact } from '#identity/refusal.ts';
import type { RequestScope } from '../engine/request-scope.ts';
import { EntityName, type Value, fieldOf, isRecord } from '../engine/value.ts';
import { type Atom, literalIn } from '../expression/formula.ts';
import type { Expression, LikePattern, Variable } from '../expression/expression.ts';
import { clip, showList, showValue } from './show-value.ts';

const VARIABLES: readonly Variable[] = ['principal', 'action', 'resource', 'context'];

export function factOf(atom: Atom, expected: string, scope: RequestScope): Fact {
  const { path } = atom;
  if (path === undefined) return { name: 'condition', expected: clip(expected), received: undefined };
  const received = isAboutContainers(atom)
    ? containersOf(scope)
    : (showAt(path, scope) ?? whyUnknown(path, scope));
  return { name: clip(path.join('.')), expected: clip(expected), received };
}

/** Says in a few words what the atom wants of its value. */
export function expectationOf({ test, negated }: Atom): string {
  switch (test.kind) {
    case 'equals': {
      const values = showList(test.values);
      if (test.values.length === 1) return negated ? `not ${values}` : values;
      return negated ? `none of ${values}` : `one of ${values}`;
    }
    case 'like':
      return `${negated ? 'does not match' : 'matches'} ${showPattern(test.pattern)}`;
    case 'present':
      return negated ? 'absent' : 'present';
    case 'true':
      return String(!negated);
    case 'in':
      return `${negated ? 'not in' : 'in'} ${showList(test.entities)}`;
    case 'is': {
      const container = test.entities.length === 0 ? '' : ` in ${showList(test.entities)}`;
      return `${negated ? 'not a' : 'a'} ${test.entityType}${container}`;
    }
    case 'compare':
      return `${negated ? 'not ' : ''}${test.operator} ${showOperand(test.operand)}`;
    case 'method':
      return `${negated ? 'not ' : ''}${test.name}(${test.operands.map(showOperand).join(', ')})`;
    case 'constant':
    case 'other':
      break;
  }
  return negated ? 'the condition of the policy does not hold' : 'the condition of the policy holds';
}

function showPattern(pattern: LikePattern): string {
  return pattern.map((part) => part?.replaceAll('*', String.raw`\*`) ?? '*').join('');
}

/** `datetime("2030-01-01")` as it stands in the policy; what is computed is not spelled out. */
function showOperand(operand: Expression): string {
  const literal = literalIn(operand);
  if (literal !== undefined) return showValue(literal);
  if (operand.kind !== 'call') return 'the value in the policy';
  return `${operand.function}(${operand.arguments.map(showOperand).join(', ')})`;
}

/** A posture that is not known has a reason, and the reason is what can be mended. */
function whyUnknown(path: readonly string[], { postureUnknown }: RequestScope): string | undefined {
  if (postureUnknown === undefined || path[0] !== 'context' || path[1] !== 'posture') return undefined;
  return clip(`unknown: ${postureUnknown}`);
}

function isAboutContainers({ path, test }: Atom): boolean {
  return path?.length === 1 && path[0] === 'principal' && (test.kind === 'in' || test.kind === 'is');
}

function containersOf({ project, org, identityProvider }: RequestScope): string {
  return clip(showList([project, org, identityProvider].filter((entity) => entity !== undefined)));
}

function showAt(path: readonly string[], scope: RequestScope): string | undefined {
  const value = valueAt(path, scope);
  return value === undefined ? undefined : clip(showValue(value));
}

function valueAt(path: readonly string[], scope: RequestScope): Value | undefined {
  const [root, ...names] = path;
  const variable = VARIABLES.find((known) => known === root);
  if (variable === undefined) return undefined;
  try {
    let value: Value | undefined = scope[variable];
    for (const [index, name] of names.entries()) {
      if (value instanceof EntityName) {
        if (name === 'tags') return scope.dataOf(value)?.tag(names[index + 1] ?? '');
        value = scope.dataOf(value)?.attribute(name);
      } else if (typeof value === 'object' && isRecord(value)) value = fieldOf(value, name);
      else return undefined;
    }
    return value;
  } catch {
    // The context of this request cannot be read at all: nothing was received.
    return undefined;
  }
}
