import { asMapping, asScalar, asSequence, itemsOf } from '../yaml/access.ts';
import { memberOf, membersOf } from '../yaml/merge-keys.ts';
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts';
import { pathOfExpression, readExpressions } from './expressions.ts';
import { find, type Library } from './library.ts';
import { enterScope, type Scope } from './scope.ts';

/** One step, after commands of the file were put in their place. */
export interface RawStep {
  /** `run`, `checkout`, `node/install`. */
  readonly name: string;
  readonly key: ScalarNode;
  /** Undefined for a step that is only a name. */
  readonly node: MappingNode | undefined;
  readonly value: YamlNode | undefined;
  readonly scope: Scope | undefined;
  /** Set when the step is a command of an orb that lies elsewhere. */
  readonly orb: ScalarNode | undefined;
}

const STEPS_MAX = 20_000;
const EXPANSIONS_MAX = 20_000;
const DEPTH_MAX = 30;

interface Level {
  readonly library: Library;
  readonly scope: Scope | undefined;
  readonly depth: number;
}

/** Puts commands of a file in place of their calls; bounded for one pipeline, so that calls of calls end. */
export class StepExpander {
  #steps = 0;
  #expansions = 0;

  expand(
    nodes: readonly YamlNode[],
    library: Library,
    scope: Scope | undefined,
    into: RawStep[] = [],
  ): RawStep[] {
    for (const node of nodes) this.#expandOne(node, { library, scope, depth: 0 }, into);
    return into;
  }

  #expandAll(list: YamlNode | undefined, level: Level, into: RawStep[]): void {
    for (const item of itemsOf(list)) this.#expandOne(item, level, into);
  }

  #expandOne(item: YamlNode, level: Level, into: RawStep[]): void {
    this.#expansions += 1;
    if (level.depth > DEPTH_MAX || this.#expansions > EXPANSIONS_MAX) return;
    const scalar = asScalar(item);
    if (scalar !== undefined) {
      if (!this.#boundSteps(scalar, level, into))
        this.#expandNamed(scalar, undefined, undefined, level, into);
      return;
    }
    const sequence = asSequence(item);
    if (sequence !== undefined) {
      this.#expandAll(sequence, { ...level, depth: level.depth + 1 }, into);
      return;
    }
    const [first] = membersOf(item).values();
    if (first !== undefined) this.#expandNamed(first.key, first.value, asMapping(item), level, into);
  }

  /** `<< parameters.after >>`, where the parameter is a list of steps; false when it is something else. */
  #boundSteps(scalar: ScalarNode, { scope, library, depth }: Level, into: RawStep[]): boolean {
    const [expression] = readExpressions(scalar.value);
    const path = expression === undefined ? undefined : pathOfExpression(expression);
    const name = /^parameters\.(.+)$/.exec(path ?? '')?.[1];
    if (name === undefined) return false;
    const binding = scope?.bindings.get(name);
    for (const node of binding?.nodes ?? []) {
      const level = { library, scope: binding?.scope, depth: depth + 1 };
      if (asScalar(node) === undefined) this.#expandAll(node, level, into);
    }
    return true;
  }

  #expandNamed(
    key: ScalarNode,
    value: YamlNode | undefined,
    node: MappingNode | undefined,
    level: Level,
    into: RawStep[],
  ): void {
    const name = key.value;
    if (name === 'when' || name === 'unless' || name === 'steps') {
      const list = name === 'steps' ? value : memberOf(value, 'steps');
      this.#expandAll(list, { ...level, depth: level.depth + 1 }, into);
      return;
    }
    const found = find(level.library, 'commands', name);
    if (found?.kind === 'own') {
      const scope = enterScope(found.member.value, argumentsOf(value), level.scope);
      const inner = { library: found.library, scope, depth: level.depth + 1 };
      this.#expandAll(memberOf(found.member.value, 'steps'), inner, into);
      return;
    }
    this.#steps += 1;
    if (this.#steps > STEPS_MAX) return;
    into.push({ name, key, node, value, scope: level.scope, orb: found?.orb });
  }
}

function argumentsOf(value: YamlNode | undefined): ReadonlyMap<string, readonly YamlNode[]> {
  return new Map([...membersOf(value)].map(([name, member]) => [name, [member.value]]));
}
