import { asMapping, asScalar, asSequence, itemsOf } from '../yaml/access.ts';
import { type Member, memberOf, membersOf } from '../yaml/merge-keys.ts';
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts';

/** A step of a pipeline, with what its stage says about it. */
export interface ListedStep {
  readonly key: ScalarNode;
  readonly node: MappingNode;
  readonly members: ReadonlyMap<string, Member>;
  readonly stage: ReadonlyMap<string, Member> | undefined;
  /** Steps before it, itself and its stage that wait for somebody to go on. */
  readonly manual: readonly ScalarNode[];
}

const STEPS_MAX = 2_000;
const DEPTH_MAX = 8;
const MANUAL_MAX = 20;

function manualTrigger(members: ReadonlyMap<string, Member> | undefined): ScalarNode[] {
  const trigger = members?.get('trigger');
  return asScalar(trigger?.value)?.value === 'manual' && trigger !== undefined ? [trigger.key] : [];
}

/** Takes a pipeline apart in the order in which it runs: what comes behind a manual step waits, too. */
class Lister {
  readonly steps: ListedStep[] = [];
  #manual: readonly ScalarNode[] = [];

  list(items: readonly YamlNode[], stage: ListedStep['stage'], depth = 0): void {
    for (const item of items) {
      if (depth > DEPTH_MAX || this.steps.length >= STEPS_MAX) return;
      const sequence = asSequence(item);
      if (sequence !== undefined) this.list(sequence.items, stage, depth + 1);
      else this.#listOne(membersOf(item), stage, depth);
    }
  }

  #listOne(members: ReadonlyMap<string, Member>, stage: ListedStep['stage'], depth: number): void {
    const [step, parallel, staged] = ['step', 'parallel', 'stage'].map((name) => members.get(name));
    if (step !== undefined) this.#add(step, stage);
    if (parallel !== undefined) this.#listParallel(parallel.value, stage, depth);
    if (staged !== undefined) {
      const inner = membersOf(staged.value);
      this.#wait(manualTrigger(inner));
      this.list(itemsOf(inner.get('steps')?.value), inner, depth + 1);
    }
  }

  /** Steps beside one another do not wait for each other, but what follows waits for all of them. */
  #listParallel(value: YamlNode, stage: ListedStep['stage'], depth: number): void {
    const before = this.#manual;
    const after = new Set(before);
    for (const item of itemsOf(memberOf(value, 'steps') ?? value)) {
      this.#manual = before;
      this.list([item], stage, depth + 1);
      for (const each of this.#manual) after.add(each);
    }
    this.#manual = [...after];
  }

  #wait(triggers: readonly ScalarNode[]): void {
    if (triggers.length > 0 && this.#manual.length < MANUAL_MAX)
      this.#manual = [...this.#manual, ...triggers];
  }

  #add({ key, value }: Member, stage: ListedStep['stage']): void {
    const node = asMapping(value);
    if (node === undefined) return;
    const members = membersOf(node);
    this.#wait(manualTrigger(members));
    this.steps.push({ key, node, members, stage, manual: this.#manual });
  }
}

export function listSteps(pipeline: YamlNode): readonly ListedStep[] {
  const lister = new Lister();
  lister.list(itemsOf(pipeline), undefined);
  return lister.steps;
}

/** Variables that whoever starts a custom pipeline types in; one of a list carries no code. */
export function typedVariables(pipeline: YamlNode): string[] {
  return itemsOf(pipeline).flatMap((item) =>
    itemsOf(memberOf(item, 'variables')).flatMap((variable) => {
      const name = asScalar(memberOf(variable, 'name'))?.value;
      return name === undefined || memberOf(variable, 'allowed-values') !== undefined ? [] : [name];
    }),
  );
}
