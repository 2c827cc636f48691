import { fail } from './evaluation-error.ts';
import { asLong } from './time-and-decimal.ts';
import { EntityName, type Value, ValueSet } from './value.ts';

export function asBoolean(value: Value): boolean {
  return typeof value === 'boolean' ? value : fail('expected a Bool');
}

export function asText(value: Value): string {
  return typeof value === 'string' ? value : fail('expected a String');
}

export function asBigint(value: Value): bigint {
  return typeof value === 'bigint' ? value : fail('expected a Long');
}

export function asEntity(value: Value): EntityName {
  return value instanceof EntityName ? value : fail('expected an entity');
}

export function asSet(value: Value): ValueSet {
  return value instanceof ValueSet ? value : fail('expected a set');
}

export function checkedLong(value: bigint): bigint {
  return asLong(value) ?? fail('integer overflow');
}
