/** Reading fields of a record that may be anything. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own members only: what an object inherits is in no record. */
export function fieldOf(record: unknown, ...path: readonly string[]): unknown {
  let here = record;
  for (const name of path) {
    if (!isFields(here) || !Object.hasOwn(here, name)) return undefined;
    here = here[name];
  }
  return here;
}

/** A text, or a number as text, as ids are often numbers. */
export function textField(record: unknown, ...path: readonly string[]): string | undefined {
  const value = fieldOf(record, ...path);
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

/** A moment: ISO 8601, or a number of milliseconds, or of seconds when it is too small for milliseconds. */
export function momentField(record: unknown, ...path: readonly string[]): number | undefined {
  const value = fieldOf(record, ...path);
  const number = typeof value === 'number' ? value : Number.NaN;
  if (Number.isFinite(number)) return Math.round(number < 100_000_000_000 ? number * 1_000 : number);
  if (typeof value !== 'string' || value.length > 64) return undefined;
  if (/^\d{1,13}(?:\.\d{1,9})?$/.test(value)) return momentField({ value: Number(value) }, 'value');
  const parsed = Date.parse(value);
  return Number.isNaN(parsed) ? undefined : parsed;
}
