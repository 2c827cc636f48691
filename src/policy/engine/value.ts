import type { IpRange } from './ip-range.ts';

/** An entity by name. What is known of it stands in the request. */
export class EntityName {
  readonly type: string;
  readonly id: string;

  constructor(type: string, id: string) {
    this.type = type;
    this.id = id;
  }
}

export type Extension =
  | { type: 'ipaddr'; range: IpRange }
  /** In ten-thousandths. */
  | { type: 'decimal'; value: bigint }
  /** Milliseconds since the Unix epoch. */
  | { type: 'datetime'; value: bigint }
  /** Milliseconds. */
  | { type: 'duration'; value: bigint };

export class ExtensionValue {
  readonly content: Extension;

  constructor(content: Extension) {
    this.content = content;
  }
}

/** A set of values without order or repetition; membership is by {@link keyOf}. */
export class ValueSet {
  readonly members: ReadonlyMap<string, Value>;

  constructor(items: readonly Value[]) {
    this.members = new Map(items.map((item) => [keyOf(item), item]));
  }
}

/** A record. Absent and undefined are the same; only own properties count, never `toString` and its like. */
export interface ValueRecord {
  readonly [name: string]: Value | undefined;
}

/** Long is a bigint: 64 bits do not fit a number, and an overflow must be seen. */
export type Value = boolean | string | bigint | EntityName | ExtensionValue | ValueSet | ValueRecord;

export function isRecord(value: Value): value is ValueRecord {
  return (
    typeof value === 'object' &&
    !(value instanceof EntityName) &&
    !(value instanceof ExtensionValue) &&
    !(value instanceof ValueSet)
  );
}

export function fieldOf(record: ValueRecord, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

export function equal(left: Value, right: Value): boolean {
  if (typeof left !== 'object' || typeof right !== 'object') return left === right;
  if (left instanceof EntityName && right instanceof EntityName) {
    return left.id === right.id && left.type === right.type;
  }
  return keyOf(left) === keyOf(right);
}

/** A text that two values share exactly when they are equal in Cedar. */
export function keyOf(value: Value): string {
  if (typeof value === 'string') return `s${value}`;
  if (typeof value === 'bigint') return `i${value}`;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  // A type's name cannot contain a quote, so that type and id cannot run into each other.
  if (value instanceof EntityName) return `e${value.type}"${value.id}`;
  if (value instanceof ExtensionValue) return extensionKey(value.content);
  if (value instanceof ValueSet) return `S${JSON.stringify([...value.members.keys()].sort())}`;
  const fields: [string, string][] = [];
  for (const name of Object.keys(value).sort()) {
    const field = value[name];
    if (field !== undefined) fields.push([name, keyOf(field)]);
  }
  return `R${JSON.stringify(fields)}`;
}

function extensionKey(content: Extension): string {
  if (content.type !== 'ipaddr') return `${content.type} ${content.value}`;
  const { version, address, prefix } = content.range;
  return `ip${version} ${address}/${prefix}`;
}
