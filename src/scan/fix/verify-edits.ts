import { SourceText, type Span } from '#pipeline/source.ts';
import { keyText, resolveAlias } from '#pipeline/yaml/access.ts';
import type { MappingNode, SequenceNode, YamlNode } from '#pipeline/yaml/node.ts';
import { parseYaml } from '#pipeline/yaml/parse.ts';
import { replacedRanges, type TextEdit } from './apply-edits.ts';

/** An insertion has to be inside: one that only stands beside a node has no business to change it. */
function touches(span: Span, ranges: readonly Span[]): boolean {
  return ranges.some((range) => span.start < range.end && range.start < span.end);
}

class Comparison {
  /** The first node that changed though no edit touches it. */
  strayed: Span | undefined;
  readonly #before: readonly Span[];
  readonly #after: readonly Span[];

  constructor(before: readonly Span[], after: readonly Span[]) {
    this.#before = before;
    this.#after = after;
  }

  #removed(node: YamlNode): void {
    if (!touches(node, this.#before)) this.strayed ??= node;
  }

  #added(node: YamlNode): void {
    if (!touches(node, this.#after)) this.strayed ??= node;
  }

  compare(before: YamlNode, after: YamlNode): void {
    const [a, b] = [resolveAlias(before), resolveAlias(after)];
    // An alias stands for a node that is compared where it is defined.
    if (before.kind === 'alias' && after.kind === 'alias' && before.name === after.name) return;
    if (a?.kind === 'mapping' && b?.kind === 'mapping') this.#mappings(a, b);
    else if (a?.kind === 'sequence' && b?.kind === 'sequence') this.#sequences(a, b);
    else if (a?.kind === 'scalar' && b?.kind === 'scalar') {
      if (a.value !== b.value || a.tag !== b.tag) this.#removed(before);
    } else this.#removed(before);
  }

  #mappings(before: MappingNode, after: MappingNode): void {
    const left = new Map(before.entries.map((entry) => [keyText(entry), entry]));
    const right = new Map(after.entries.map((entry) => [keyText(entry), entry]));
    for (const [key, entry] of left) {
      const other = right.get(key);
      if (other === undefined) this.#removed(entry.key);
      else this.compare(entry.value, other.value);
    }
    for (const [key, entry] of right) if (!left.has(key)) this.#added(entry.key);
  }

  #sequences(before: SequenceNode, after: SequenceNode): void {
    if (before.items.length === after.items.length) {
      for (const [index, item] of before.items.entries()) {
        const other = after.items[index];
        if (other !== undefined) this.compare(item, other);
      }
      return;
    }
    const longer = Math.abs(before.items.length - after.items.length);
    const [few, many] = before.items.length < after.items.length ? [before, after] : [after, before];
    // Items were added or taken away: they have to be the ones that an edit touches.
    const ranges = many === after ? this.#after : this.#before;
    const extra = many.items.filter((item) => touches(item, ranges)).slice(0, longer);
    const kept = many.items.filter((item) => !extra.includes(item));
    if (kept.length !== few.items.length) this.strayed ??= before;
    for (const [index, item] of few.items.entries()) {
      const other = kept[index];
      if (other !== undefined)
        this.compare(...(many === after ? ([item, other] as const) : ([other, item] as const)));
    }
  }
}

/**
 * Whether edits changed what they touch and nothing else: both texts are parsed, and every node that no edit
 * touches has to be what it was. Returns what is wrong, or undefined.
 */
export function findStrayChange(
  file: string,
  before: string,
  after: string,
  edits: readonly TextEdit[],
): string | undefined {
  const [old, now] = [parseYaml(new SourceText(file, before)), parseYaml(new SourceText(file, after))];
  if (now.problems.length > old.problems.length) {
    return `the result is not the YAML it should be: ${now.problems.at(-1)?.message ?? ''}`;
  }
  if (old.documents.length !== now.documents.length) return 'the number of documents changed';
  const comparison = new Comparison(edits, replacedRanges(edits));
  for (const [index, document] of old.documents.entries()) {
    const other = now.documents[index];
    if (other !== undefined) comparison.compare(document, other);
  }
  const { strayed } = comparison;
  if (strayed === undefined) return undefined;
  const { line } = new SourceText(file, before).position(strayed.start);
  return `it would change something else, near line ${line}`;
}
