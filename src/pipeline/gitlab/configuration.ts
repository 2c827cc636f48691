import type { Problem } from '../problem.ts';
import type { SourceText } from '../source.ts';
import { resolveAlias } from '../yaml/access.ts';
import type { MappingNode, SequenceNode } from '../yaml/node.ts';
import { type Member, type Merged, memberOf, MergeBudget, mergeDeep, scalarOf, toMerged } from './merged.ts';

/** One file of a configuration. */
export interface Layer {
  readonly source: SourceText;
  readonly root: MappingNode;
}

/** GitLab itself refuses more (“extends: … supports multi-level inheritance”, `!reference` nested up to ten). */
const LEVELS_MAX = 11;
const ITEMS_MAX = 20_000;

const NOT_JOBS = new Set([
  'default',
  'include',
  'stages',
  'variables',
  'workflow',
  'spec',
  'image',
  'services',
  'cache',
  'before_script',
  'after_script',
  'types',
]);

/** Whether a key at the top names a job, hidden ones too. */
export function isJobName(name: string): boolean {
  return !NOT_JOBS.has(name);
}

/** Everything that the files of a configuration say together; `extends` and `!reference` are followed on demand. */
export class Configuration {
  readonly problems: Problem[] = [];
  /** Names in `extends` that none of the files has; they may stand in one that cannot be seen. */
  readonly unresolved: string[] = [];
  readonly #budget = new MergeBudget();
  readonly #references = new MergeBudget();
  readonly #top: Merged;
  readonly #extended = new Map<string, Merged>();

  /** Later layers win over earlier ones, so an including file stands behind what it includes. */
  constructor(layers: readonly [Layer, ...Layer[]]) {
    const [first, ...others] = layers.map(({ root, source }) => toMerged(root, source, this.#budget));
    const start = first ?? toMerged(layers[0].root, layers[0].source, this.#budget);
    this.#top = others.reduce((base, over) => mergeDeep(base, over, this.#budget), start);
    if (this.#budget.isUsedUp) this.#report('anchors and `extends` make this file too large to follow', 0);
  }

  #report(message: string, at: number): void {
    this.problems.push({
      kind: 'unexpected-shape',
      message,
      span: { start: at, end: at + 1 },
      partial: true,
    });
  }

  get names(): readonly string[] {
    return [...(this.#top.members?.keys() ?? [])];
  }

  member(name: string): Member | undefined {
    return this.#top.members?.get(name);
  }

  /** A value at the top, with its `extends` put in. */
  extended(name: string, path: readonly string[] = []): Merged | undefined {
    const known = this.#extended.get(name);
    if (known !== undefined) return known;
    const own = this.member(name);
    if (own === undefined) return undefined;
    const merged = this.#extend(name, own, path);
    // Kept even when a circle cut it short: GitLab refuses such a file, and without this the work doubles per level.
    this.#extended.set(name, merged);
    return merged;
  }

  #extend(name: string, own: Member, path: readonly string[]): Merged {
    const parents = this.items(memberOf(own.value, 'extends')).flatMap((each) => scalarOf(each) ?? []);
    let base: Merged | undefined;
    for (const parent of parents) {
      if (parent.value === name || path.includes(parent.value) || path.length >= LEVELS_MAX) {
        this.#report(`\`extends\` of "${name}" leads back to itself, or too far`, own.key.start);
        continue;
      }
      const value = this.extended(parent.value, [...path, name]);
      if (value === undefined) this.unresolved.push(parent.value);
      else base = base === undefined ? value : mergeDeep(base, value, this.#budget);
    }
    return base === undefined ? own.value : mergeDeep(base, own.value, this.#budget);
  }

  /** What `!reference [job, key, …]` stands for; the value itself when it is none. */
  resolve(value: Merged | undefined, depth = 0): Merged | undefined {
    if (value?.node.kind !== 'sequence' || value.node.tag !== '!reference') return value;
    if (depth >= LEVELS_MAX) return undefined;
    const [name, ...path] = value.node.items.map((item) => resolveAlias(item));
    if (name?.kind !== 'scalar') return undefined;
    let target = this.extended(name.value);
    for (const step of path) {
      if (step?.kind !== 'scalar') return undefined;
      target = memberOf(this.resolve(target, depth + 1), step.value);
    }
    return this.resolve(target, depth + 1);
  }

  get(value: Merged | undefined, name: string): Merged | undefined {
    return this.resolve(memberOf(value, name));
  }

  /** Items of a list with nested lists and references put in their place; a single value is a list of one. */
  items(value: Merged | undefined): Merged[] {
    const found: Merged[] = [];
    this.#collect(value, found, 0);
    return found;
  }

  #collect(value: Merged | undefined, found: Merged[], depth: number): void {
    const content = this.resolve(value);
    if (content === undefined || depth > LEVELS_MAX || found.length >= ITEMS_MAX) return;
    // Lists that refer to lists many times are small in the file and endless when followed.
    if (!this.#references.take()) return;
    if (content.node.kind !== 'sequence') {
      found.push(content);
      return;
    }
    const list: SequenceNode = content.node;
    for (const item of list.items) {
      const node = resolveAlias(item);
      if (node !== undefined) {
        this.#collect(toMerged(node, content.source, this.#budget), found, depth + 1);
      }
    }
  }
}
