import type { Event } from '#api/event.ts';
import { isRecord, type JsonRecord } from './client/json-fields.ts';

/** One event in words. */
export interface Words {
  what: string;
  note?: string | undefined;
  /** Where it is not the decision. */
  id?: string | undefined;
  /** Something was refused or went wrong. */
  failed?: true;
}

/** Bodies are open by contract: what is not as expected is left out, never a reason to fail. */
export function child(record: JsonRecord | undefined, name: string): JsonRecord | undefined {
  const value = record?.[name];
  return isRecord(value) ? value : undefined;
}

export function textOf(record: JsonRecord | undefined, name: string): string | undefined {
  const value = record?.[name];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

export function actorOf({ actor }: Event): string {
  if (actor.kind === 'workload') return 'the job';
  return actor.kind === 'person' ? actor.id : 'the server';
}

export function listOf(value: unknown): string {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string').join(', ') : '?';
}

export function sourceOf(event: Event): string | undefined {
  const address = textOf(event.body, 'sourceIp');
  const from = address === undefined ? undefined : `from ${address}`;
  const key = textOf(event.body, 'holder') === undefined ? undefined : 'key proved';
  return [from, key].filter((part) => part !== undefined).join(', ') || undefined;
}
