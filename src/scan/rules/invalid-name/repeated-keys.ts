import type { ScalarNode, YamlNode } from '#pipeline/yaml/node.ts';
import { asScalar } from '#pipeline/yaml/access.ts';

interface RepeatedKey {
  readonly key: ScalarNode;
  readonly before: ScalarNode;
}

const DEPTH_MAX = 60;

function collect(node: YamlNode, found: RepeatedKey[], depth: number): void {
  if (depth > DEPTH_MAX || node.kind === 'scalar' || node.kind === 'alias') return;
  if (node.kind === 'sequence') {
    for (const item of node.items) collect(item, found, depth + 1);
    return;
  }
  const seen = new Map<string, ScalarNode>();
  for (const entry of node.entries) {
    const key = asScalar(entry.key);
    if (key !== undefined && key.value !== '') {
      const folded = key.value.toLowerCase();
      const before = seen.get(folded);
      if (before !== undefined) found.push({ key, before });
      else seen.set(folded, key);
    }
    collect(entry.value, found, depth + 1);
  }
}

/** Keys of a mapping that differ in nothing, or in case only. What an alias stands for is seen where it is defined. */
export function findRepeatedKeys(node: YamlNode): readonly RepeatedKey[] {
  const found: RepeatedKey[] = [];
  collect(node, found, 0);
  return found;
}
