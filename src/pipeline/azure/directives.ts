import type { SourceText } from '../source.ts';
import { type Expression, Text } from '../text.ts';
import { asMapping, asSequence, isNull, pairsOf, resolveAlias } from '../yaml/access.ts';
import type { ScalarNode, YamlNode } from '../yaml/node.ts';
import { parseExpression } from '../github/expressions/parse.ts';
import type { Conditions } from './model.ts';

/** Deeper than anybody writes; the YAML reader bounds the number of nodes. */
const DEPTH_MAX = 30;
/** Of one list or mapping, with everything that directives put into it. */
const MEMBERS_MAX = 5_000;

const DIRECTIVE = /^\s*\$\{\{\s*(if|elseif|else|each|insert)\b/;

export interface Item {
  readonly node: YamlNode;
  readonly conditions: Conditions;
}

export interface Entry extends Item {
  readonly key: ScalarNode;
}

type Found = Omit<Expression, 'text'>;

/** What stands behind `if`, as an expression of its own. */
function readIf(value: string): readonly Found[] {
  const [head = ''] = /^\s*\$\{\{\s*(?:else)?if\b/.exec(value) ?? [];
  const end = value.lastIndexOf('}}');
  const inner = { start: head.length, end: Math.max(head.length, end) };
  const parsed = parseExpression(value.slice(inner.start, inner.end));
  return [{ outer: { start: 0, end: value.length }, inner, parsed }];
}

function conditionsOf(word: string, key: ScalarNode, before: Conditions, source: SourceText): Conditions {
  if (word !== 'if' && word !== 'elseif') return before;
  return [...before, new Text(key, source, readIf)];
}

function directiveOf(key: ScalarNode | undefined): string | undefined {
  return key?.value.includes('${{') === true ? DIRECTIVE.exec(key.value)?.[1] : undefined;
}

class Flattener {
  readonly items: Item[] = [];
  readonly entries: Entry[] = [];
  readonly #source: SourceText;

  constructor(source: SourceText) {
    this.#source = source;
  }

  addItems(node: YamlNode | undefined, conditions: Conditions, depth: number): void {
    if (node === undefined || isNull(node) || depth > DEPTH_MAX) return;
    for (const item of asSequence(node)?.items ?? [node]) {
      if (this.items.length >= MEMBERS_MAX) return;
      this.#addItem(item, conditions, depth);
    }
  }

  #addItem(item: YamlNode, conditions: Conditions, depth: number): void {
    const pairs = pairsOf(item);
    if (!pairs.some(([key]) => directiveOf(key) !== undefined)) {
      const content = resolveAlias(item);
      if (content?.kind === 'sequence') this.addItems(content, conditions, depth + 1);
      else this.items.push({ node: item, conditions });
      return;
    }
    // What stands under a directive is items, or the rest of one.
    const own = pairs.filter(([key]) => directiveOf(key) === undefined);
    if (own.length > 0) this.items.push({ node: item, conditions });
    else {
      for (const [key, value] of pairs) {
        const inner = conditionsOf(directiveOf(key) ?? '', key, conditions, this.#source);
        this.addItems(value, inner, depth + 1);
      }
    }
  }

  addEntries(node: YamlNode | undefined, conditions: Conditions, depth: number): void {
    if (depth > DEPTH_MAX) return;
    for (const [key, value] of pairsOf(node)) {
      if (this.entries.length >= MEMBERS_MAX) return;
      const word = directiveOf(key);
      if (word === undefined) this.entries.push({ key, node: value, conditions });
      else {
        const inner = conditionsOf(word, key, conditions, this.#source);
        if (asMapping(value) !== undefined) this.addEntries(value, inner, depth + 1);
      }
    }
  }
}

/** Items of a list, with those under `${{ if }}` and `${{ each }}`, and what they depend on. */
export function itemsThrough(
  node: YamlNode | undefined,
  source: SourceText,
  conditions: Conditions = [],
): readonly Item[] {
  const flattener = new Flattener(source);
  flattener.addItems(node, conditions, 0);
  return flattener.items;
}

/** Entries of a mapping, with those under `${{ if }}` and `${{ each }}`. */
export function entriesThrough(
  node: YamlNode | undefined,
  source: SourceText,
  conditions: Conditions = [],
): readonly Entry[] {
  const flattener = new Flattener(source);
  flattener.addEntries(node, conditions, 0);
  return flattener.entries;
}

/** The last value of a key; of alternatives under `${{ if }}` the last one, too. */
export function memberThrough(
  node: YamlNode | undefined,
  key: string,
  source: SourceText,
): YamlNode | undefined {
  return entriesThrough(node, source).findLast((entry) => entry.key.value === key)?.node;
}
