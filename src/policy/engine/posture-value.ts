import type { PolicyPosture } from '../posture.ts';
import { type Value, type ValueRecord, ValueSet } from './value.ts';

/** The posture as conditions see it: numbers are Longs, lists are sets. */
export function toPostureValue(posture: PolicyPosture): ValueRecord {
  return toRecord({ ...posture });
}

type Member = string | number | readonly string[] | { readonly [name: string]: Member } | undefined;

function toRecord(members: { readonly [name: string]: Member }): ValueRecord {
  const record: Record<string, Value> = {};
  for (const [name, member] of Object.entries(members)) {
    if (member !== undefined) record[name] = toValue(member);
  }
  return record;
}

function toValue(member: NonNullable<Member>): Value {
  if (typeof member === 'string') return member;
  if (typeof member === 'number') return BigInt(member);
  return isList(member) ? new ValueSet(member) : toRecord(member);
}

function isList(member: object): member is readonly string[] {
  return Array.isArray(member);
}
