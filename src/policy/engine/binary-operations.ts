import type { BinaryOperator } from '../expression/expression.ts';
import { fail } from './evaluation-error.ts';
import { asBigint, asEntity, asSet, asText, checkedLong } from './expect-value.ts';
import type { RequestScope } from './request-scope.ts';
import { ExtensionValue, type Value, ValueSet, equal, keyOf } from './value.ts';

type Operation = (left: Value, right: Value, scope: RequestScope) => Value;

export const binaryOperations: Record<BinaryOperator, Operation> = {
  '==': equal,
  '!=': (left, right) => !equal(left, right),
  '<': (left, right) => compare(left, right) < 0,
  '<=': (left, right) => compare(left, right) <= 0,
  '>': (left, right) => compare(left, right) > 0,
  '>=': (left, right) => compare(left, right) >= 0,
  '+': (left, right) => checkedLong(asBigint(left) + asBigint(right)),
  '-': (left, right) => checkedLong(asBigint(left) - asBigint(right)),
  '*': (left, right) => checkedLong(asBigint(left) * asBigint(right)),
  in: isIn,
  contains: (set, item) => asSet(set).members.has(keyOf(item)),
  containsAll: (set, subset) => {
    const { members } = asSet(set);
    return asSet(subset)
      .members.keys()
      .every((key) => members.has(key));
  },
  containsAny: (set, other) => {
    const { members } = asSet(set);
    return asSet(other)
      .members.keys()
      .some((key) => members.has(key));
  },
  hasTag: (entity, tag, scope) => tagOf(entity, tag, scope) !== undefined,
  getTag: (entity, tag, scope) => tagOf(entity, tag, scope) ?? fail('the tag is absent'),
};

function tagOf(value: Value, tag: Value, scope: RequestScope): string | undefined {
  const entity = asEntity(value);
  const name = asText(tag);
  return scope.dataOf(entity)?.tag(name);
}

/** Long with Long, datetime with datetime, duration with duration; all else is a type error. */
function compare(left: Value, right: Value): number {
  const [a, b] = [comparable(left), comparable(right)];
  if (a.type !== b.type) return fail(`cannot compare ${a.type} with ${b.type}`);
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

function comparable(value: Value): { type: string; value: bigint } {
  if (typeof value === 'bigint') return { type: 'Long', value };
  if (
    value instanceof ExtensionValue &&
    value.content.type !== 'ipaddr' &&
    value.content.type !== 'decimal'
  ) {
    return value.content;
  }
  return fail('only Long, datetime and duration have an order');
}

export function isIn(left: Value, right: Value, scope: RequestScope): boolean {
  const entity = asEntity(left);
  // All members must be entities, also when an earlier one would do.
  const containers =
    right instanceof ValueSet ? [...right.members.values()].map(asEntity) : [asEntity(right)];
  const data = scope.dataOf(entity);
  return containers.some((container) => equal(entity, container) || data?.isIn(container) === true);
}
