import type { SourceText } from '../source.ts';
import { asSequence, resolveAlias } from '../yaml/access.ts';
import type { ContentNode, MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts';

/** A value after includes, anchors and `extends` were put together; it still knows the file it was written in. */
export interface Merged {
  readonly node: ContentNode;
  readonly source: SourceText;
  /** Set when the value is a mapping; the members may come from several files. */
  readonly members: ReadonlyMap<string, Member> | undefined;
}

export interface Member {
  readonly key: ScalarNode;
  readonly source: SourceText;
  readonly value: Merged;
}

/** Members that one configuration may come to, so that merging cannot be made to grow without end. */
const MEMBERS_MAX = 300_000;
const DEPTH_MAX = 60;
const MERGE_KEY = '<<';

export class MergeBudget {
  #left = MEMBERS_MAX;

  /** False when nothing more may be taken in. */
  take(count = 1): boolean {
    this.#left -= count;
    return this.#left >= 0;
  }

  get isUsedUp(): boolean {
    return this.#left < 0;
  }
}

/** `<<: *a` and `<<: [*a, *b]`: what is merged in first wins, and what stands beside wins over both. */
function mergedInto(node: MappingNode): readonly YamlNode[] {
  const values = node.entries.filter(({ key }) => resolveAlias(key)?.kind === 'scalar' && isMergeKey(key));
  return values.flatMap(({ value }) => asSequence(value)?.items ?? [value]);
}

function isMergeKey(key: YamlNode): boolean {
  const scalar = resolveAlias(key);
  return scalar?.kind === 'scalar' && scalar.style === 'plain' && scalar.value === MERGE_KEY;
}

function collectMembers(
  node: MappingNode,
  source: SourceText,
  budget: MergeBudget,
  depth: number,
): Map<string, Member> {
  const members = new Map<string, Member>();
  if (depth > DEPTH_MAX) return members;
  for (const each of mergedInto(node).toReversed()) {
    const content = resolveAlias(each);
    if (content?.kind !== 'mapping') continue;
    for (const [name, member] of collectMembers(content, source, budget, depth + 1))
      members.set(name, member);
  }
  for (const { key, value } of node.entries) {
    const name = resolveAlias(key);
    const content = resolveAlias(value);
    if (name?.kind !== 'scalar' || content === undefined || isMergeKey(key)) continue;
    if (!budget.take()) return members;
    members.set(name.value, { key: name, source, value: toMerged(content, source, budget, depth + 1) });
  }
  return members;
}

/** A tree as a merged value: aliases and `<<` are followed. */
export function toMerged(node: ContentNode, source: SourceText, budget: MergeBudget, depth = 0): Merged {
  const members = node.kind === 'mapping' ? collectMembers(node, source, budget, depth) : undefined;
  return { node, source, members };
}

/** Mappings are merged at every depth; anything else is replaced, lists too. The node stays that of `over`. */
export function mergeDeep(base: Merged, over: Merged, budget: MergeBudget): Merged {
  if (base.members === undefined || over.members === undefined) return over;
  if (!budget.take(base.members.size + over.members.size)) return over;
  const members = new Map(base.members);
  for (const [name, member] of over.members) {
    const below = base.members.get(name);
    const value = below === undefined ? member.value : mergeDeep(below.value, member.value, budget);
    members.set(name, { ...member, value });
  }
  return { node: over.node, source: over.source, members };
}

export function memberOf(value: Merged | undefined, name: string): Merged | undefined {
  return value?.members?.get(name)?.value;
}

export function membersOf(value: Merged | undefined): readonly [string, Member][] {
  return value?.members === undefined ? [] : [...value.members];
}

/** The scalar behind a value, if it is one. */
export function scalarOf(value: Merged | undefined): ScalarNode | undefined {
  return value?.node.kind === 'scalar' ? value.node : undefined;
}

export function wordOf(value: Merged | undefined): string | undefined {
  return scalarOf(value)?.value;
}
