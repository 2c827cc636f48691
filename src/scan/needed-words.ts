import { memoize } from '#pipeline/memoize.ts';
import type { Pipeline } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { SourceText } from '#pipeline/source.ts';
import type { ContentNode, YamlNode } from '#pipeline/yaml/node.ts';
import type { Rule } from './rule.ts';
import { Automaton } from './secrets/automaton.ts';

/** In double quotes YAML can write a character otherwise, or go on on the next line in the middle of a word. */
const HIDING = ['\\x', '\\u', '\\/', '\\\r', '\\\n'];

/** For a list of rules: how to find all words that they need, and what each needs by number. */
const planOf = memoize((rules: readonly Rule[]) => {
  const words = [...new Set([...HIDING, ...rules.flatMap(({ needs = [] }) => needs)])];
  const numbers = new Map(words.map((word, number) => [word, number]));
  const needed = new Map(
    rules.flatMap((rule): [Rule, readonly number[]][] => {
      const { needs } = rule;
      return needs === undefined ? [] : [[rule, needs.map((word) => numbers.get(word) ?? -1)]];
    }),
  );
  return { automaton: new Automaton(words), count: words.length, needed };
});

/** Hands on the values of texts in double quotes that may differ from what stands in the file. */
function visitHidden(node: YamlNode, take: (text: string) => void): void {
  if (node.kind === 'scalar') {
    if (node.style === 'double-quoted' && !node.exact) take(node.value);
  } else if (node.kind === 'sequence') {
    for (const item of node.items) visitHidden(item, take);
  } else if (node.kind === 'mapping') {
    for (const { key, value } of node.entries) {
      visitHidden(key, take);
      visitHidden(value, take);
    }
  }
}

function addAll(into: Uint8Array, words: Uint8Array): void {
  for (let number = 0; number < into.length; number += 1) if (words[number] === 1) into[number] = 1;
}

/**
 * Which words that rules need stand in a file, so that a rule is asked only where it may find something. A definition
 * that others call, or that calls others, has their words, too: what a rule looks for may stand there.
 */
export class NeededWords {
  readonly #repository: Repository;
  readonly #automaton: Automaton;
  readonly #count: number;
  readonly #needed: ReadonlyMap<Rule, readonly number[]>;
  readonly #own = new Map<ContentNode, Uint8Array>();
  readonly #around = new Map<Pipeline, Uint8Array>();

  constructor(rules: readonly Rule[], repository: Repository) {
    const { automaton, count, needed } = planOf(rules);
    this.#repository = repository;
    this.#automaton = automaton;
    this.#count = count;
    this.#needed = needed;
  }

  #mark(text: string, found: Uint8Array): void {
    // One byte for each character: what is not ASCII may look like a word, and a rule is asked in vain.
    this.#automaton.search(Buffer.from(text, 'latin1'), (word) => {
      found[word] = 1;
    });
  }

  /** The words of one definition’s file alone. */
  of({ source, node }: { readonly source: SourceText; readonly node: ContentNode }): Uint8Array {
    const known = this.#own.get(node);
    if (known !== undefined) return known;
    const found = new Uint8Array(this.#count);
    this.#mark(source.text, found);
    if (HIDING.some((_, number) => found[number] === 1)) {
      visitHidden(node, (text) => this.#mark(text, found));
    }
    this.#own.set(node, found);
    return found;
  }

  /** The words of a pipeline, and of all that calls lead to from it, in both directions. */
  around(pipeline: Pipeline): Uint8Array {
    const known = this.#around.get(pipeline);
    if (known !== undefined) return known;
    const connected = this.#connectedWith(pipeline);
    const found = connected.size === 1 ? this.of(pipeline) : new Uint8Array(this.#count);
    if (connected.size > 1) for (const each of connected) addAll(found, this.of(each));
    for (const each of connected) this.#around.set(each, found);
    return found;
  }

  /**
   * The words of all definitions; undefined where one is of another platform, or could not be read: words are needed in
   * what GitHub reads.
   */
  inRepository(): Uint8Array | undefined {
    const found = new Uint8Array(this.#count);
    for (const { definitions } of this.#repository.files) {
      if (definitions.length === 0) return undefined;
      for (const definition of definitions) {
        const isPipeline = definition.kind === 'pipeline';
        const written = isPipeline ? definition.pipeline : definition.configuration;
        if (written.platform !== 'github') return undefined;
        addAll(found, isPipeline ? this.around(definition.pipeline) : this.of(written));
      }
    }
    return found;
  }

  #connectedWith(start: Pipeline): ReadonlySet<Pipeline> {
    const repository = this.#repository;
    const connected = new Set([start]);
    // A set hands out what is added while it is gone through.
    for (const pipeline of connected) {
      for (const { job } of repository.callersOf(pipeline)) connected.add(job.pipeline);
      for (const job of pipeline.jobs) {
        const called = repository.resolveCall(job);
        if (called !== undefined) connected.add(called);
        for (const step of job.steps) {
          const action = repository.resolveStep(step);
          if (action !== undefined) connected.add(action);
        }
      }
    }
    return connected;
  }

  /** Whether a rule can find something where these words stand. */
  allow(rule: Rule, standing: Uint8Array): boolean {
    const needed = this.#needed.get(rule);
    return needed === undefined || needed.some((number) => standing[number] === 1);
  }
}
