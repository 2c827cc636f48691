import { faultOfText } from './claim-text.ts';
import type { JsonObject } from './jose/strict-json.ts';
import type { Normalisation } from './provider.ts';
import { refuseClaim, type Refused } from './refuse.ts';

/**
 * The first claim that was of the wrong type while a token was normalised. It travels along instead of being
 * thrown, so that a provider reads as one object literal.
 */
export interface ClaimFault {
  refused: Refused | undefined;
}

function note(fault: ClaimFault, name: string, expected: string, received: unknown): undefined {
  fault.refused ??= refuseClaim(name, expected, received);
  return undefined;
}

function own(claims: JsonObject, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

/** Text; absent, null and empty are all undefined, because platforms write "there is none" in these three ways. */
export function readText(claims: JsonObject, name: string, fault: ClaimFault): string | undefined {
  return asText(own(claims, name), name, fault);
}

/** Text of a value that was found elsewhere; `name` says where, for the refusal. */
export function asText(value: unknown, name: string, fault: ClaimFault): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return note(fault, name, 'text', value);
  const expected = faultOfText(value);
  return expected === undefined ? value : note(fault, name, expected, value);
}

/** For ids that a platform writes as number: a whole one below 2^53 becomes text, for beyond it two read alike. */
export function asTextOrNumber(value: unknown, name: string, fault: ClaimFault): string | undefined {
  if (typeof value !== 'number') return asText(value, name, fault);
  if (Number.isSafeInteger(value) && value >= 0) return String(value);
  return note(fault, name, 'text, or a whole number below 2^53', value);
}

/** true and false, also as text (GitLab, GitHub's custom properties); absent stays absent and is not false. */
export function asFlag(value: unknown, name: string, fault: ClaimFault): boolean | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  return note(fault, name, 'true or false', value);
}

export function readFlag(claims: JsonObject, name: string, fault: ClaimFault): boolean | undefined {
  return asFlag(own(claims, name), name, fault);
}

export function readTextOrNumber(claims: JsonObject, name: string, fault: ClaimFault): string | undefined {
  return asTextOrNumber(own(claims, name), name, fault);
}

type Identity = Extract<Normalisation, { ok: true }>['identity'];
type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function isPresent<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined;
}

function withoutAbsent<T extends object>(fields: T): Present<T> {
  const present: Present<T> = {};
  for (const key in fields) {
    const value = fields[key];
    if (isPresent(value)) present[key] = value;
  }
  return present;
}

/** The fields that are there; undefined when none is, so that `callee` is absent rather than empty. */
export function group<T extends object>(fields: T): Present<T> | undefined {
  const present = withoutAbsent(fields);
  for (const _ in present) return present;
  return undefined;
}

/** The identity, unless a claim on the way to it was wrong. */
export function normalised(identity: Identity, fault: ClaimFault): Normalisation {
  return fault.refused ?? { ok: true, identity: withoutAbsent(identity) };
}
