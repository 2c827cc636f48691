import { CLAIM_CHARS_MAX, faultOfText } from './claim-text.ts';
import { isJsonObject, type JsonObject } from './jose/strict-json.ts';
import { refuseClaim, type Refused } from './refuse.ts';

const ENTRIES_MAX = 200;

interface Flattening {
  entries: Record<string, string>;
  count: number;
  fault: { path: string; expected: string; received: unknown } | undefined;
}

export type FlattenedClaims = { ok: true; claims: Record<string, string> } | Refused;

/**
 * All claims as text by dotted path, for policies on what the canonical identity does not name. Scalars as
 * text; `null` is absent; a list of scalars is its JSON text (joining by commas would let `["a,b"]` pass for
 * `["a","b"]`), left out when longer than 2,000 characters; a list of anything else is left out. So a list may
 * grant but must not be what a `forbid` rests on.
 *
 * Refused: text that is too long or has control characters, a whole number beyond 2^53 (two of them would read
 * the same), two claims with one path (`{"a.b":…, "a":{"b":…}}`), more than 200 entries.
 */
export function flattenClaims(claims: JsonObject): FlattenedClaims {
  const state: Flattening = { entries: {}, count: 0, fault: undefined };
  flattenInto(state, claims, '');
  if (state.fault === undefined) return { ok: true, claims: state.entries };
  const { path, expected, received } = state.fault;
  return refuseClaim(path, expected, received);
}

function flattenInto(state: Flattening, object: JsonObject, prefix: string): void {
  for (const name in object) {
    if (state.fault !== undefined) return;
    const value = object[name];
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (typeof value === 'string') note(state, path, value);
    else if (typeof value === 'number') noteNumber(state, path, value);
    else if (typeof value === 'boolean') note(state, path, value ? 'true' : 'false');
    else if (Array.isArray(value)) noteList(state, path, value);
    else if (isJsonObject(value)) flattenInto(state, value, path);
  }
}

function note(state: Flattening, path: string, text: string): void {
  const expected = faultOfText(path) ?? faultOfText(text);
  if (expected !== undefined) state.fault = { path, expected, received: text };
  else if (Object.hasOwn(state.entries, path)) {
    state.fault = { path, expected: 'one claim of this path', received: 'two' };
  } else if (state.count >= ENTRIES_MAX) {
    state.fault = { path, expected: `at most ${ENTRIES_MAX} claims`, received: 'more' };
  }
  state.entries[path] = text;
  state.count += 1;
}

function noteNumber(state: Flattening, path: string, value: number): void {
  if (Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))) {
    note(state, path, String(value));
  } else {
    state.fault = { path, expected: 'a number below 2^53, or text', received: value };
  }
}

function noteList(state: Flattening, path: string, list: readonly unknown[]): void {
  if (list.some((item) => typeof item === 'object' && item !== null)) return;
  if (list.some((item) => typeof item === 'number' && !Number.isFinite(item))) return;
  const text = JSON.stringify(list);
  if (text.length <= CLAIM_CHARS_MAX) note(state, path, text);
}
