import type { Span } from '../source.ts';

export type ScalarStyle = 'plain' | 'single-quoted' | 'double-quoted' | 'literal' | 'folded';

/** A run of decoded characters that stands in the file as it is. */
export interface Run {
  readonly valueStart: number;
  readonly sourceStart: number;
  readonly length: number;
}

interface Properties extends Span {
  /** Name behind `&`. */
  readonly anchor: string | undefined;
  /** As it stands in the file: `!reference`, `!!str`. */
  readonly tag: string | undefined;
}

export interface ScalarNode extends Properties {
  readonly kind: 'scalar';
  /** Decoded text; the empty string where the value is missing. */
  readonly value: string;
  readonly style: ScalarStyle;
  /** The text between the quotes, or the lines under `|` and `>`. */
  readonly contentStart: number;
  readonly contentEnd: number;
  /** Columns that are taken off each line of a block scalar; -1 where there are none. */
  readonly indent: number;
  /** True when `value` stands in the file as it is, from `contentStart` on. */
  readonly exact: boolean;
  /** Where `value` comes from, for text of a language other than YAML. */
  readonly runs?: readonly Run[];
}

export interface MappingEntry {
  readonly key: YamlNode;
  readonly value: YamlNode;
}

export interface MappingNode extends Properties {
  readonly kind: 'mapping';
  readonly flow: boolean;
  readonly entries: readonly MappingEntry[];
}

export interface SequenceNode extends Properties {
  readonly kind: 'sequence';
  readonly flow: boolean;
  readonly items: readonly YamlNode[];
}

/** `*name`. Nothing is copied: the target is the one node that carries the anchor. */
export interface AliasNode extends Span {
  readonly kind: 'alias';
  readonly name: string;
  /** Undefined when there is no such anchor, it contains this alias, or the expansion budget is used up. */
  readonly target: ContentNode | undefined;
}

export type ContentNode = ScalarNode | MappingNode | SequenceNode;
export type YamlNode = ContentNode | AliasNode;
