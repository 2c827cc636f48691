import { ClientError } from './client-error.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

function invalid(what: string): ClientError {
  return new ClientError('server_answer_invalid', `the server's answer is not as agreed: ${what}`, {
    remedy: 'Check that the address is that of Vouchgate, and that both versions fit.',
  });
}

export function parseRecord(body: string): JsonRecord {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // The cause would quote the body, which may be a credential.
    throw invalid('no JSON');
  }
  return asRecord(value, 'the body');
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asRecord(value: unknown, what: string): JsonRecord {
  if (!isRecord(value)) throw invalid(`${what} is no object`);
  return value;
}

export function asRecords(value: unknown, what: string): JsonRecord[] {
  if (!Array.isArray(value)) throw invalid(`${what} is no list`);
  return value.map((each: unknown) => asRecord(each, `an entry of ${what}`));
}

export function optionalText(record: JsonRecord, name: string): string | undefined {
  const value = Object.hasOwn(record, name) ? record[name] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(`${name} is no text`);
  return value;
}

export function optionalTexts(record: JsonRecord, name: string): string[] | undefined {
  const value = Object.hasOwn(record, name) ? record[name] : undefined;
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw invalid(`${name} is no list`);
  return value.map((each: unknown) => {
    if (typeof each !== 'string') throw invalid(`an entry of ${name} is no text`);
    return each;
  });
}

export function requiredText(record: JsonRecord, name: string): string {
  const value = optionalText(record, name);
  if (value === undefined) throw invalid(`${name} is missing`);
  return value;
}

/** All entries, each of which must be text. */
export function textEntries(record: JsonRecord): [string, string][] {
  return Object.keys(record).map((name) => [name, requiredText(record, name)]);
}

export function requiredBoolean(record: JsonRecord, name: string): boolean {
  const value = Object.hasOwn(record, name) ? record[name] : undefined;
  if (typeof value !== 'boolean') throw invalid(`${name} is not true or false`);
  return value;
}

/** A date of the wire (`2026-11-23T00:36:25Z`) in milliseconds since the epoch. */
export function requiredTimeMs(record: JsonRecord, name: string): number {
  const timeMs = Date.parse(requiredText(record, name));
  if (Number.isNaN(timeMs)) throw invalid(`${name} is no date`);
  return timeMs;
}
