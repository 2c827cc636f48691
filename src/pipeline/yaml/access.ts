import type { ContentNode, MappingEntry, MappingNode, ScalarNode, SequenceNode, YamlNode } from './node.ts';

/** What an alias stands for, or the node itself. */
export function resolveAlias(node: YamlNode | undefined): ContentNode | undefined {
  return node?.kind === 'alias' ? node.target : node;
}

export function asMapping(node: YamlNode | undefined): MappingNode | undefined {
  const content = resolveAlias(node);
  return content?.kind === 'mapping' ? content : undefined;
}

export function asSequence(node: YamlNode | undefined): SequenceNode | undefined {
  const content = resolveAlias(node);
  return content?.kind === 'sequence' ? content : undefined;
}

export function asScalar(node: YamlNode | undefined): ScalarNode | undefined {
  const content = resolveAlias(node);
  return content?.kind === 'scalar' ? content : undefined;
}

const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);
const NULL_CHARS_MAX = 4;

/** Plain and empty, or one of YAML's words for nothing. */
export function isNull(node: YamlNode | undefined): boolean {
  const scalar = asScalar(node);
  return scalar?.style === 'plain' && scalar.value.length <= NULL_CHARS_MAX && NULLS.has(scalar.value);
}

/** `true` or `false` as YAML 1.2 reads them; undefined for everything else, quoted words too. */
export function asBoolean(node: YamlNode | undefined): boolean | undefined {
  const scalar = asScalar(node);
  if (scalar?.style !== 'plain') return undefined;
  if (/^(?:true|True|TRUE)$/.test(scalar.value)) return true;
  return /^(?:false|False|FALSE)$/.test(scalar.value) ? false : undefined;
}

export function keyText(entry: MappingEntry): string | undefined {
  return asScalar(entry.key)?.value;
}

/** The last entry with this key, as parsers that allow duplicates read it. */
export function findEntry(node: YamlNode | undefined, key: string): MappingEntry | undefined {
  const entries = asMapping(node)?.entries ?? [];
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (entry !== undefined && keyText(entry) === key) return entry;
  }
  return undefined;
}

export function findValue(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return findEntry(node, key)?.value;
}

/** Items of a sequence, or the one node that stands in its place; nothing for an empty value. */
export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  if (node === undefined || isNull(node)) return [];
  return asSequence(node)?.items ?? [node];
}

/** Texts of a sequence of scalars or of a single scalar. */
export function scalarsOf(node: YamlNode | undefined): ScalarNode[] {
  return itemsOf(node).flatMap((item) => asScalar(item) ?? []);
}

/** Entries whose key is text, as pairs; aliases in values stay. */
export function pairsOf(node: YamlNode | undefined): [key: ScalarNode, value: YamlNode][] {
  const pairs: [ScalarNode, YamlNode][] = [];
  for (const entry of asMapping(node)?.entries ?? []) {
    const key = asScalar(entry.key);
    if (key !== undefined) pairs.push([key, entry.value]);
  }
  return pairs;
}
