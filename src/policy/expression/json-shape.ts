import { UnsupportedConstruct } from './unsupported-construct.ts';

export type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws {UnsupportedConstruct} */
export function jsonObject(value: unknown): Json {
  if (!isObject(value)) throw new UnsupportedConstruct('expected an object');
  return value;
}

/** @throws {UnsupportedConstruct} */
export function jsonList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new UnsupportedConstruct('expected a list');
  return value;
}

/** @throws {UnsupportedConstruct} */
export function jsonText(value: unknown): string {
  if (typeof value !== 'string') throw new UnsupportedConstruct('expected a text');
  return value;
}
