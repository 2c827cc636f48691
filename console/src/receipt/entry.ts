import type { Receipt } from '#api/log.ts';
import { sha256, toBase64Url, utf8 } from './bytes.ts';

/** What stands in the log for an event: when, what kind, and digests of the rest. */
export interface LogEntry {
  readonly id: string;
  readonly timeMs: number;
  readonly type: string;
  readonly lasting: string;
  readonly personal: string | undefined;
}

export type JsonObject = { readonly [name: string]: unknown };

export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined for what is no entry of a log of ours. */
export function parseEntry(text: string): LogEntry | undefined {
  const value = parseObject(text);
  const { v, id, timeMs, type, lasting, personal } = value ?? {};
  if (v !== 1 || typeof id !== 'string' || typeof timeMs !== 'number' || typeof type !== 'string')
    return undefined;
  if (typeof lasting !== 'string' || (personal !== undefined && typeof personal !== 'string'))
    return undefined;
  return { id, timeMs, type, lasting, personal };
}

/** SHA-256 over the salt, a line break and the text: nobody can guess the text from it without the salt. */
export async function commitment(salt: string, text: string): Promise<string> {
  return toBase64Url(await sha256(utf8(`${salt}\n${text}`)));
}

function setAt(target: unknown, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  if (typeof target !== 'object' || target === null) return;
  const descriptor = Object.getOwnPropertyDescriptor(target, key);
  if (descriptor === undefined) return;
  if (rest.length === 0) Object.defineProperty(target, key, { ...descriptor, value });
  else setAt(descriptor.value, rest, value);
}

/** The event as it was recorded: the lasting part, with what is personal back in its places (RFC 6901). */
export function openedEvent({ lasting, personal }: Receipt['opening']): JsonObject | undefined {
  const event = parseObject(lasting);
  if (event === undefined || personal === undefined) return event;
  try {
    const parts: unknown = JSON.parse(personal);
    if (!Array.isArray(parts)) return undefined;
    for (const part of parts as readonly { pointer?: unknown; value?: unknown }[]) {
      const pointer = typeof part?.pointer === 'string' ? part.pointer.split('/').slice(1) : [];
      const path = pointer.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
      if (path.length > 0) setAt(event, path, part.value);
    }
    return event;
  } catch {
    return undefined;
  }
}

/** The same values, whatever the order of names. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [Object.entries(one), new Map(Object.entries(other))];
  return (
    left.length === right.size &&
    left.every(([name, value]) => right.has(name) && isSame(value, right.get(name)))
  );
}
