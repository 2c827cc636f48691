import { asMapping, isNull, resolveAlias } from '#pipeline/yaml/access.ts';
import type { ContentNode, MappingNode, ScalarNode, YamlNode } from '#pipeline/yaml/node.ts';

/** What may stand at a place of a definition. */
export type Shape =
  | { readonly kind: 'anything' }
  | { readonly kind: 'text'; readonly emptyAllowed: boolean; readonly words?: readonly string[] }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'number'; readonly whole: boolean; readonly above?: number }
  | { readonly kind: 'list'; readonly item: Shape; readonly emptyAllowed: boolean }
  | {
      readonly kind: 'mapping';
      /** `in a step`. */
      readonly where: string;
      readonly keys: Readonly<Record<string, Shape>>;
      readonly required: readonly string[];
    }
  /** A mapping whose keys are names that people choose. */
  | { readonly kind: 'names'; readonly value: Shape; readonly emptyAllowed: boolean }
  | { readonly kind: 'either'; readonly shapes: readonly Shape[]; readonly emptyAllowed: boolean }
  /** Mappings of one kind or another, told apart by what stands in them. */
  | { readonly kind: 'choice'; choose(node: MappingNode): Shape };

export type ShapeFault =
  | {
      readonly kind: 'unknown-key';
      readonly key: ScalarNode;
      readonly parent: MappingNode;
      readonly where: string;
      readonly known: readonly string[];
    }
  | { readonly kind: 'missing-key'; readonly at: YamlNode; readonly name: string; readonly where: string }
  | { readonly kind: 'empty'; readonly at: YamlNode; readonly name: string }
  | { readonly kind: 'unexpected'; readonly at: YamlNode; readonly name: string; readonly expected: string }
  | {
      readonly kind: 'unknown-word';
      readonly at: ScalarNode;
      readonly name: string;
      readonly known: readonly string[];
    };

/** Nodes that are looked at; a definition of GitHub's size has far fewer, and aliases could make it endless. */
const NODES_MAX = 50_000;
const DEPTH_MAX = 40;

/** One expression and nothing else: it can come to anything. */
const isComputed = (value: string): boolean => /^\s*\$\{\{/.test(value) && value.trimEnd().endsWith('}}');

const NAMES: Readonly<Record<Shape['kind'], string>> = {
  anything: 'anything',
  text: 'text',
  boolean: 'true or false',
  number: 'a number',
  list: 'a list',
  mapping: 'keys with values',
  names: 'names with values',
  either: 'something else',
  choice: 'keys with values',
};

function expectedBy(shape: Shape): string {
  if (shape.kind === 'either') return [...new Set(shape.shapes.map(expectedBy))].join(' or ');
  if (shape.kind !== 'number') return NAMES[shape.kind];
  const number = shape.whole ? 'a whole number' : 'a number';
  return shape.above === undefined ? number : `${number} above ${shape.above}`;
}

function takes(shape: Shape, node: ContentNode): boolean {
  if (shape.kind === 'anything') return true;
  if (node.kind === 'sequence') return shape.kind === 'list';
  if (node.kind === 'mapping') return ['mapping', 'names', 'choice'].includes(shape.kind);
  return ['text', 'boolean', 'number'].includes(shape.kind);
}

function isNumber(node: ScalarNode, { whole, above }: Shape & { kind: 'number' }): boolean {
  if (
    node.style !== 'plain' ||
    !/^[-+]?(?:0x[\da-f]{1,12}|\d{1,15}(?:\.\d{0,15})?(?:e[-+]?\d{1,3})?)$/i.test(node.value)
  )
    return false;
  const value = Number(node.value);
  return (!whole || Number.isInteger(value)) && (above === undefined || value > above);
}

interface Place {
  readonly name: string;
  readonly depth: number;
}

class ShapeCheck {
  readonly faults: ShapeFault[] = [];
  readonly #seen = new Set<ContentNode>();
  #count = 0;

  check(node: YamlNode, shape: Shape, place: Place): void {
    const content = resolveAlias(node);
    if (content === undefined || shape.kind === 'anything' || place.depth > DEPTH_MAX) return;
    this.#count += 1;
    if (this.#count > NODES_MAX || this.#isRepeated(content)) return;
    if (content.kind === 'scalar') this.#scalar(content, shape, place);
    else this.#collection(content, shape, place);
  }

  /** What an alias repeats was judged where it is defined; nothing else is met twice. */
  #isRepeated(content: ContentNode): boolean {
    if (content.anchor === undefined) return false;
    if (this.#seen.has(content)) return true;
    this.#seen.add(content);
    return false;
  }

  #scalar(node: ScalarNode, shape: Shape, place: Place): void {
    if (isNull(node) || node.value === '') {
      // `{}` and `[]` say that there is nothing; a key without a value says nothing.
      const optional = shape.kind === 'text' || shape.kind === 'either';
      if (!optional || !shape.emptyAllowed) {
        this.faults.push({ kind: 'empty', at: node, name: place.name });
      }
      return;
    }
    if (isComputed(node.value)) return;
    const shapes = shape.kind === 'either' ? shape.shapes : [shape];
    if (shapes.some((each) => fits(node, each))) return;
    const words = shapes.flatMap((each) => (each.kind === 'text' ? (each.words ?? []) : []));
    if (words.length > 0)
      this.faults.push({ kind: 'unknown-word', at: node, name: place.name, known: words });
    else this.#unexpected(node, shape, place);
  }

  #unexpected(at: YamlNode, shape: Shape, { name }: Place): void {
    this.faults.push({ kind: 'unexpected', at, name, expected: expectedBy(shape) });
  }

  #collection(node: Exclude<ContentNode, ScalarNode>, shape: Shape, place: Place): void {
    const found = shape.kind === 'either' ? shape.shapes.find((each) => takes(each, node)) : shape;
    if (found === undefined || !takes(found, node)) {
      this.#unexpected(node, shape, place);
      return;
    }
    const depth = place.depth + 1;
    if (node.kind === 'sequence') {
      if (found.kind !== 'list') return;
      if (node.items.length === 0 && !found.emptyAllowed)
        this.faults.push({ kind: 'empty', at: node, name: place.name });
      for (const item of node.items) this.check(item, found.item, { name: place.name, depth });
    } else this.#mapping(node, found.kind === 'choice' ? found.choose(node) : found, place);
  }

  #mapping(node: MappingNode, shape: Shape, { name, depth }: Place): void {
    const pairs = node.entries.flatMap(({ key, value }) => {
      const scalar = resolveAlias(key);
      return scalar?.kind === 'scalar' ? [{ key: scalar, value }] : [];
    });
    if (shape.kind === 'names') {
      if (pairs.length === 0 && !shape.emptyAllowed) this.faults.push({ kind: 'empty', at: node, name });
      for (const { key, value } of pairs)
        this.check(value, shape.value, { name: key.value, depth: depth + 1 });
    }
    // Merge keys are of YAML 1.1, and GitHub takes this one for a name.
    const merge = shape.kind === 'names' ? pairs.find(({ key }) => key.value === '<<') : undefined;
    if (merge !== undefined)
      this.faults.push({ kind: 'unknown-key', key: merge.key, parent: node, where: '', known: [] });
    if (shape.kind !== 'mapping') return;
    const known = Object.keys(shape.keys);
    for (const { key, value } of pairs) {
      const own = Object.hasOwn(shape.keys, key.value) ? shape.keys[key.value] : undefined;
      if (own !== undefined) this.check(value, own, { name: key.value, depth: depth + 1 });
      else this.faults.push({ kind: 'unknown-key', key, parent: node, where: shape.where, known });
    }
    for (const wanted of shape.required) {
      if (pairs.some(({ key }) => key.value === wanted || key.value.startsWith('${{') || key.value === '<<'))
        continue;
      this.faults.push({ kind: 'missing-key', at: node, name: wanted, where: shape.where });
    }
  }
}

function fits(node: ScalarNode, shape: Shape): boolean {
  switch (shape.kind) {
    case 'anything':
      return true;
    case 'text':
      return shape.words === undefined || shape.words.includes(node.value);
    case 'boolean':
      return node.style === 'plain' && /^(?:true|false|True|False|TRUE|FALSE)$/.test(node.value);
    case 'number':
      return isNumber(node, shape);
    case 'list':
    case 'mapping':
    case 'names':
    case 'either':
    case 'choice':
      break;
  }
  return false;
}

/** Everything in a tree that does not have the shape it should have, in the order of the file. */
export function findShapeFaults(root: YamlNode, shape: Shape, name: string): readonly ShapeFault[] {
  if (asMapping(root) === undefined) return [];
  const check = new ShapeCheck();
  check.check(root, shape, { name, depth: 0 });
  return check.faults;
}
