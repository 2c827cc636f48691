import type { Event } from '#api/event.ts';
import type { Fact } from '#api/fact.ts';

/** What a decision was made from is free-form in the record: read what is there, and nothing that is not. */
export type Body = Event['body'];

export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Object.getOwnPropertyDescriptor(found, name)?.value;
  }
  return found;
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  if (typeof found === 'number' || typeof found === 'boolean') return String(found);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function entriesAt(
  value: unknown,
  ...path: readonly string[]
): readonly (readonly [string, string])[] {
  const found = valueAt(value, ...path);
  if (typeof found !== 'object' || found === null) return [];
  return Object.keys(found).flatMap((name) => {
    const text = textAt(found, name);
    return text === undefined ? [] : [[name, text] as const];
  });
}

export function factsAt(value: unknown, ...path: readonly string[]): readonly Fact[] {
  return listAt(value, ...path).flatMap((fact) => {
    const name = textAt(fact, 'name');
    if (name === undefined) return [];
    return [{ name, expected: textAt(fact, 'expected') ?? '', received: textAt(fact, 'received') ?? null }];
  });
}

/** An address only when it leads to the web: what a token says may be any scheme. */
export function webAddress(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}
