import { memoize } from '../memoize.ts';
import { asMapping, asScalar, asSequence } from './access.ts';
import type { MappingNode, ScalarNode, YamlNode } from './node.ts';

export interface Member {
  readonly key: ScalarNode;
  readonly value: YamlNode;
}

const DEPTH_MAX = 20;
/** Of one mapping, with everything that is merged into it. */
const MEMBERS_MAX = 5_000;

const NOTHING: ReadonlyMap<string, Member> = new Map();

function isMergeKey(key: ScalarNode | undefined): boolean {
  return key?.value === '<<' && key.style === 'plain';
}

function addMembers(node: MappingNode, members: Map<string, Member>, depth: number): void {
  const merged = node.entries.filter(({ key }) => isMergeKey(asScalar(key)));
  // What is merged in first wins over what comes behind it, and what stands beside wins over both.
  const parents = merged.flatMap(({ value }) => asSequence(value)?.items ?? [value]).toReversed();
  for (const parent of depth < DEPTH_MAX ? parents : []) {
    const mapping = asMapping(parent);
    if (mapping !== undefined && members.size < MEMBERS_MAX) addMembers(mapping, members, depth + 1);
  }
  for (const { key, value } of node.entries) {
    const name = asScalar(key);
    if (name === undefined || isMergeKey(name) || members.size >= MEMBERS_MAX) continue;
    members.set(name.value, { key: name, value });
  }
}

const readMembers = memoize((mapping: MappingNode): ReadonlyMap<string, Member> => {
  const members = new Map<string, Member>();
  addMembers(mapping, members, 0);
  return members;
});

/** The members of a mapping as a parser sees them that follows merge keys (`<<: *defaults`). */
export function membersOf(node: YamlNode | undefined): ReadonlyMap<string, Member> {
  const mapping = asMapping(node);
  return mapping === undefined ? NOTHING : readMembers(mapping);
}

export function memberOf(node: YamlNode | undefined, name: string): YamlNode | undefined {
  return membersOf(node).get(name)?.value;
}
