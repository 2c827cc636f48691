/** Looking into JSON of which nothing is known: each of these answers `undefined` or nothing instead of throwing. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at the end of the keys, own properties only; a number takes that item of a list. */
export function valueAt(value: unknown, ...keys: readonly (string | number)[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof key === 'number') found = Array.isArray(found) ? found[key] : undefined;
    else found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found;
}

/** Text that is not empty; numbers and booleans as their text. */
export function textAt(value: unknown, ...keys: readonly (string | number)[]): string | undefined {
  const found = valueAt(value, ...keys);
  if (typeof found === 'number' || typeof found === 'boolean') return String(found);
  if (typeof found !== 'string') return undefined;
  const text = found.trim();
  return text === '' ? undefined : text;
}

/** The first text that is there, of several keys of one object. */
export function firstText(value: unknown, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const found = textAt(value, key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A finite number, also one that is written as text. */
export function numberAt(value: unknown, ...keys: readonly (string | number)[]): number | undefined {
  const found = valueAt(value, ...keys);
  if (typeof found !== 'number' && (typeof found !== 'string' || found.trim() === '')) return undefined;
  const number = Number(found);
  return Number.isFinite(number) ? number : undefined;
}

/** A line or column: a whole number from 1; 0 and less mean that the tool does not know. */
export function positionAt(value: unknown, ...keys: readonly (string | number)[]): number | undefined {
  const number = numberAt(value, ...keys);
  return number !== undefined && Number.isSafeInteger(number) && number >= 1 ? number : undefined;
}

export function booleanAt(value: unknown, ...keys: readonly (string | number)[]): boolean | undefined {
  const found = valueAt(value, ...keys);
  if (found === true || found === 'true') return true;
  return found === false || found === 'false' ? false : undefined;
}

/** Items of a list; nothing when it is no list. */
export function listAt(value: unknown, ...keys: readonly (string | number)[]): readonly unknown[] {
  const found = valueAt(value, ...keys);
  return Array.isArray(found) ? found : [];
}

/** Texts of a list; a single text counts as a list of one. */
export function textsAt(value: unknown, ...keys: readonly (string | number)[]): readonly string[] {
  const found = valueAt(value, ...keys);
  const all = Array.isArray(found) ? found : [found];
  return all
    .filter((each) => typeof each === 'string' && each.trim() !== '')
    .map((each) => String(each).trim());
}

export function objectAt(value: unknown, ...keys: readonly (string | number)[]): JsonObject | undefined {
  const found = valueAt(value, ...keys);
  return isObject(found) ? found : undefined;
}

/** Milliseconds since the epoch of an ISO date, or of a number of seconds or milliseconds. */
export function timeAt(value: unknown, ...keys: readonly (string | number)[]): number | undefined {
  const found = valueAt(value, ...keys);
  const SECONDS_MAX = 100_000_000_000;
  if (typeof found === 'number' && Number.isFinite(found) && found > 0)
    return found < SECONDS_MAX ? found * 1_000 : found;
  if (typeof found !== 'string' || found.length > 100) return undefined;
  const timeMs = Date.parse(found);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}
