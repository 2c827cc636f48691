import type { AuditEvent } from '../event.ts';

/** A member of a body at any depth, never one that every object inherits. */
function memberAt(event: AuditEvent, path: readonly string[]): unknown {
  let value: unknown = event.body;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

const CHARS_MAX = 1_000;

/** Bodies are open by contract: what is no text is left out. Long text is cut, as the whole event goes along anyway. */
export function textAt(event: AuditEvent, ...path: readonly string[]): string | undefined {
  const value = memberAt(event, path);
  return typeof value === 'string' && value !== '' ? value.slice(0, CHARS_MAX).toWellFormed() : undefined;
}

/** A copy without what is undefined, and without objects and lists in which nothing is left. */
export function compact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const compacted = isPlain(value) ? compact(value) : value;
    if (compacted === undefined || (Array.isArray(compacted) && compacted.length === 0)) continue;
    if (isPlain(compacted) && Object.keys(compacted).length === 0) continue;
    kept[name] = compacted;
  }
  return kept;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Only what is an address may stand where a SIEM expects one: it refuses the whole document otherwise. */
export function addressOf(event: AuditEvent): string | undefined {
  const text = textAt(event, 'sourceIp');
  return text !== undefined && /^[0-9a-f.:]{2,45}$/i.test(text) ? text : undefined;
}
