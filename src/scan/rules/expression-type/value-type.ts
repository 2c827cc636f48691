import { asBoolean, asMapping, asScalar, asSequence, isNull, pairsOf } from '#pipeline/yaml/access.ts';
import type { YamlNode } from '#pipeline/yaml/node.ts';

/** What an expression comes to, as far as the file says. */
export type ValueType =
  | { readonly kind: 'anything' }
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'number' }
  | { readonly kind: 'text' }
  | { readonly kind: 'list'; readonly item: ValueType }
  | {
      readonly kind: 'object';
      /** By names in lower case, as expressions compare them. */
      readonly members: ReadonlyMap<string, ValueType>;
      /** What other members are; undefined when there are none. */
      readonly rest: ValueType | undefined;
      /** True when there can be members that nobody declared, or that came later. */
      readonly open: boolean;
      /** True when other members are as likely as these. */
      readonly hearsay?: boolean;
    };

type ObjectType = ValueType & { readonly kind: 'object' };

export const ANYTHING: ValueType = { kind: 'anything' };
export const NULL: ValueType = { kind: 'null' };
export const BOOLEAN: ValueType = { kind: 'boolean' };
export const NUMBER: ValueType = { kind: 'number' };
export const TEXT: ValueType = { kind: 'text' };

export function listOf(item: ValueType): ValueType {
  return { kind: 'list', item };
}

/** An object with these members and no others. */
export function objectOf(members: Iterable<readonly [string, ValueType]>, open = false): ObjectType {
  const folded = new Map(Array.from(members, ([name, type]) => [name.toLowerCase(), type]));
  return { kind: 'object', members: folded, rest: undefined, open };
}

/** An object whose members have names that people choose. */
export function mapOf(rest: ValueType): ObjectType {
  return { kind: 'object', members: new Map(), rest, open: true };
}

export function isCollection(type: ValueType): boolean {
  return type.kind === 'object' || type.kind === 'list';
}

export function isScalar(type: ValueType): boolean {
  return type.kind === 'text' || type.kind === 'number' || type.kind === 'boolean';
}

const NAMES: Readonly<Record<ValueType['kind'], string>> = {
  anything: 'anything',
  null: 'null',
  boolean: 'true or false',
  number: 'a number',
  text: 'text',
  list: 'a list',
  object: 'an object',
};
export function nameOfType({ kind }: ValueType): string {
  return NAMES[kind];
}

const DEPTH_MAX = 12;
const ITEMS_MAX = 500;

/** What is one or the other. */
export function unite(left: ValueType, right: ValueType, depth = 0): ValueType {
  if (depth > DEPTH_MAX || left.kind === 'anything' || right.kind === 'anything') return ANYTHING;
  if (left.kind === 'list' && right.kind === 'list') return listOf(unite(left.item, right.item, depth + 1));
  if (left.kind === 'object' && right.kind === 'object') {
    const members = new Map(left.members);
    for (const [name, type] of right.members) {
      const before = members.get(name);
      members.set(name, before === undefined ? type : unite(before, type, depth + 1));
    }
    const rest = left.rest === undefined ? right.rest : right.rest === undefined ? left.rest : ANYTHING;
    return { kind: 'object', members, rest, open: left.open || right.open };
  }
  return left.kind === right.kind ? left : ANYTHING;
}

function uniteAll([first = ANYTHING, ...others]: readonly ValueType[]): ValueType {
  return others.reduce((all, type) => unite(all, type), first);
}

/** A value as it is written in YAML; an expression in it can come to anything. */
export function typeOfNode(node: YamlNode, depth = 0): ValueType {
  if (depth > DEPTH_MAX) return ANYTHING;
  const list = asSequence(node);
  if (list !== undefined) {
    if (list.items.length > ITEMS_MAX) return ANYTHING;
    return listOf(uniteAll(list.items.map((item) => typeOfNode(item, depth + 1))));
  }
  if (asMapping(node) !== undefined) {
    const pairs = pairsOf(node);
    if (pairs.some(([key]) => key.value.includes('${{'))) return ANYTHING;
    // Values of a matrix often have members that only some of them need, and none at the moment.
    return objectOf(
      pairs.map(([key, value]) => [key.value, typeOfNode(value, depth + 1)]),
      true,
    );
  }
  const scalar = asScalar(node);
  if (scalar === undefined || scalar.value.includes('${{')) return ANYTHING;
  if (isNull(node)) return NULL;
  if (asBoolean(node) !== undefined) return BOOLEAN;
  const number = scalar.style === 'plain' && scalar.value.length < 40 && !Number.isNaN(Number(scalar.value));
  return number ? NUMBER : TEXT;
}

/** A value as `fromJSON` reads it. */
export function typeOfJson(value: unknown, depth = 0): ValueType {
  if (depth > DEPTH_MAX) return ANYTHING;
  if (value === null) return NULL;
  if (Array.isArray(value)) {
    return listOf(uniteAll(value.slice(0, ITEMS_MAX).map((item: unknown) => typeOfJson(item, depth + 1))));
  }
  if (typeof value === 'object') {
    return objectOf(Object.entries(value).map(([name, member]) => [name, typeOfJson(member, depth + 1)]));
  }
  if (typeof value === 'boolean') return BOOLEAN;
  return typeof value === 'number' ? NUMBER : TEXT;
}
