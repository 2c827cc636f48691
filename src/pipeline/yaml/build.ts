import {
  type Event,
  EVENT_ID,
  COLLECTION_STYLE,
  getScalarValue,
  SCALAR_STYLE,
  type ScalarEvent,
} from 'js-yaml';
import type { Problem } from '../problem.ts';
import type { AliasNode, ContentNode, MappingEntry, ScalarNode, ScalarStyle, YamlNode } from './node.ts';
import type { ParsedYaml, YamlLimits } from './parse.ts';
import { findBlockIndicator, findFlowEnd, trimBlankLines } from './punctuation.ts';

const STYLES: Readonly<Record<number, ScalarStyle>> = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single-quoted',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double-quoted',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'literal',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'folded',
};
/** Maps up to this size are searched for duplicate keys pair by pair, which needs no set. */
const SMALL_MAP = 8;

function hasKeyBefore(entries: readonly MappingEntry[], end: number, value: string): boolean {
  for (let index = 0; index < end; index += 1) {
    const key = entries[index]?.key;
    if (key?.kind === 'scalar' && key.value === value) return true;
  }
  return false;
}

type Draft<Node> = { -readonly [Key in keyof Node]: Node[Key] };
/** A collection under way; `pendingKey` waits for its value. */
interface Open {
  node: Draft<Exclude<ContentNode, ScalarNode>>;
  children: YamlNode[];
  entries: MappingEntry[];
  pendingKey: YamlNode | undefined;
  /** Nodes in here when every alias is followed. */
  expanded: number;
}
interface Anchored {
  /** Undefined while the node is still open: an alias to it would contain itself. */
  node: ContentNode | undefined;
  expanded: number;
}

class Builder {
  readonly documents: ContentNode[] = [];
  readonly problems: Problem[] = [];
  readonly #text: string;
  readonly #limits: YamlLimits;
  readonly #stack: Open[] = [];
  #anchors = new Map<string, Anchored>();
  #root: YamlNode | undefined;
  /** End of what was read last: where a missing value stands, and where the search for `|` begins. */
  #lastEnd = 0;

  constructor(text: string, limits: YamlLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  #report(kind: Problem['kind'], message: string, start: number, end: number): void {
    this.problems.push({ kind, message, span: { start, end }, partial: true });
  }

  #slice(start: number, end: number): string | undefined {
    return start < 0 ? undefined : this.#text.slice(start, end);
  }

  #add(node: YamlNode, expanded: number): void {
    const open = this.#stack.at(-1);
    if (open === undefined) {
      this.#root = node;
      return;
    }
    open.expanded += expanded;
    if (open.node.kind === 'sequence') open.children.push(node);
    else if (open.pendingKey === undefined) open.pendingKey = node;
    else {
      open.entries.push({ key: open.pendingKey, value: node });
      open.pendingKey = undefined;
    }
  }

  scalar(event: ScalarEvent): void {
    const text = this.#text;
    const style = STYLES[event.style] ?? 'plain';
    const properties = Math.max(event.anchorEnd, event.tagEnd, this.#lastEnd);
    const missing = event.valueStart < 0;
    const contentStart = missing ? properties : event.valueStart;
    const contentEnd = missing ? properties : event.valueEnd;
    const value = missing ? '' : getScalarValue(text, event);
    const block = style === 'literal' || style === 'folded';
    const quoted = style === 'single-quoted' || style === 'double-quoted';
    const start = block ? findBlockIndicator(text, properties) : contentStart - (quoted ? 1 : 0);
    const end = block ? trimBlankLines(text, start, contentEnd) : contentEnd + (quoted ? 1 : 0);
    const node: ScalarNode = {
      kind: 'scalar',
      start,
      end,
      anchor: this.#slice(event.anchorStart, event.anchorEnd),
      tag: this.#slice(event.tagStart, event.tagEnd),
      value,
      style,
      contentStart,
      contentEnd,
      indent: event.indent,
      exact: event.fast || missing || (!block && contentEnd - contentStart === value.length),
    };
    this.#lastEnd = Math.max(this.#lastEnd, block ? contentEnd : end);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, { node, expanded: 1 });
    this.#add(node, 1);
  }

  open(event: Extract<Event, { start: number }>): void {
    const shared = {
      start: event.start,
      end: event.start,
      anchor: this.#slice(event.anchorStart, event.anchorEnd),
      tag: this.#slice(event.tagStart, event.tagEnd),
      flow: event.style === COLLECTION_STYLE.FLOW,
    };
    const [children, entries]: [YamlNode[], MappingEntry[]] = [[], []];
    const node: Open['node'] =
      event.type === EVENT_ID.MAPPING
        ? { kind: 'mapping', ...shared, entries }
        : { kind: 'sequence', ...shared, items: children };
    if (shared.anchor !== undefined) this.#anchors.set(shared.anchor, { node: undefined, expanded: 0 });
    this.#lastEnd = Math.max(
      this.#lastEnd,
      event.start + (shared.flow ? 1 : 0),
      event.anchorEnd,
      event.tagEnd,
    );
    this.#stack.push({ node, children, entries, pendingKey: undefined, expanded: 1 });
  }

  alias(start: number, end: number): void {
    const name = this.#text.slice(start, end);
    const anchored = this.#anchors.get(name);
    let { node: target, expanded } = anchored ?? { node: undefined, expanded: 0 };
    const total = this.#stack.reduce((sum, open) => sum + open.expanded, 0);
    if (anchored === undefined) this.#report('alias-unknown', `no anchor is named "${name}"`, start, end);
    else if (target === undefined) this.#report('alias-cycle', `"${name}" would contain itself`, start, end);
    else if (total + expanded > this.#limits.expandedNodesMax) {
      const limit = `more than ${this.#limits.expandedNodesMax} nodes`;
      this.#report('alias-expansion', `aliases stand for ${limit}: this one is not followed`, start, end);
      target = undefined;
      expanded = 0;
    }
    const node: AliasNode = { kind: 'alias', start: start - 1, end, name, target };
    this.#lastEnd = Math.max(this.#lastEnd, end);
    this.#add(node, expanded + 1);
  }

  close(): void {
    const open = this.#stack.pop();
    if (open === undefined) return this.#closeDocument();
    const { node } = open;
    // A pair alone in a flow sequence (`[a: b]`) is a mapping without braces.
    const bracketed = node.flow && '[{'.includes(this.#text.charAt(node.start));
    node.end = bracketed ? findFlowEnd(this.#text, this.#lastEnd) : this.#endOf(open);
    this.#lastEnd = Math.max(this.#lastEnd, node.end);
    if (node.kind === 'mapping') this.#findDuplicates(open.entries);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, { node, expanded: open.expanded });
    this.#add(node, open.expanded);
  }

  #endOf(open: Open): number {
    const last = open.node.kind === 'mapping' ? open.entries.at(-1)?.value : open.children.at(-1);
    return Math.max(last?.end ?? 0, open.node.start);
  }

  #closeDocument(): void {
    const root = this.#root;
    if (root !== undefined && root.kind !== 'alias') this.documents.push(root);
    this.#root = undefined;
    this.#anchors = new Map();
  }

  #findDuplicates(entries: readonly MappingEntry[]): void {
    const seen = entries.length > SMALL_MAP ? new Set<string>() : undefined;
    for (let index = 0; index < entries.length; index += 1) {
      const key = entries[index]?.key;
      if (key?.kind !== 'scalar' || key.value === '<<') continue;
      if (seen?.has(key.value) ?? hasKeyBefore(entries, index, key.value))
        this.#report('duplicate-key', `the key "${key.value}" stands here twice`, key.start, key.end);
      seen?.add(key.value);
    }
  }
}

/** Builds one tree for each document of a stream of events. */
export function buildDocuments(text: string, events: readonly Event[], limits: YamlLimits): ParsedYaml {
  const builder = new Builder(text, limits);
  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.SCALAR:
        builder.scalar(event);
        break;
      case EVENT_ID.MAPPING:
      case EVENT_ID.SEQUENCE:
        builder.open(event);
        break;
      case EVENT_ID.ALIAS:
        builder.alias(event.anchorStart, event.anchorEnd);
        break;
      case EVENT_ID.POP:
        builder.close();
        break;
      case EVENT_ID.DOCUMENT:
        break;
    }
  }
  return { documents: builder.documents, problems: builder.problems };
}
