import { asMapping, asScalar } from '../yaml/access.ts';
import { type Member, membersOf } from '../yaml/merge-keys.ts';
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts';

/** What can be called by its name: the file itself, or an orb that is written in it. */
export interface Library {
  readonly jobs: ReadonlyMap<string, Member>;
  readonly commands: ReadonlyMap<string, Member>;
  readonly executors: ReadonlyMap<string, Member>;
  readonly orbs: ReadonlyMap<string, Orb>;
}

export type Orb =
  | { readonly kind: 'inline'; readonly library: Library }
  /** Lies elsewhere: `circleci/node@5.1.0`. */
  | { readonly kind: 'external'; readonly node: ScalarNode };

export type Part = 'jobs' | 'commands' | 'executors';

export type Found =
  | { readonly kind: 'own'; readonly member: Member; readonly library: Library }
  | { readonly kind: 'external'; readonly orb: ScalarNode; readonly name: string };

const ORB_DEPTH_MAX = 5;

function readOrbs(node: YamlNode | undefined, depth: number): Map<string, Orb> {
  const orbs = new Map<string, Orb>();
  for (const [name, { value }] of membersOf(node)) {
    const [scalar, mapping] = [asScalar(value), asMapping(value)];
    if (scalar !== undefined) orbs.set(name, { kind: 'external', node: scalar });
    else if (mapping !== undefined && depth < ORB_DEPTH_MAX) {
      orbs.set(name, { kind: 'inline', library: readLibrary(mapping, depth + 1) });
    }
  }
  return orbs;
}

export function readLibrary(root: MappingNode, depth = 0): Library {
  const members = membersOf(root);
  const part = (name: Part): ReadonlyMap<string, Member> => membersOf(members.get(name)?.value);
  return {
    jobs: part('jobs'),
    commands: part('commands'),
    executors: part('executors'),
    orbs: readOrbs(members.get('orbs')?.value, depth),
  };
}

/** `test` is the library's own; `node/test` lies in an orb of it. */
export function find(library: Library, part: Part, name: string): Found | undefined {
  const own = library[part].get(name);
  if (own !== undefined) return { kind: 'own', member: own, library };
  const slash = name.indexOf('/');
  const orb = slash === -1 ? undefined : library.orbs.get(name.slice(0, slash));
  if (orb === undefined) return undefined;
  const rest = name.slice(slash + 1);
  return orb.kind === 'inline'
    ? find(orb.library, part, rest)
    : { kind: 'external', orb: orb.node, name: rest };
}
