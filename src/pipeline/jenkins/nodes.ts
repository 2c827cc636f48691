import type { Variable } from '../model.ts';
import type { SourceText, Span } from '../source.ts';
import { Text } from '../text.ts';
import type { MappingNode, Run, ScalarNode } from '../yaml/node.ts';

/*
 * The model carries nodes of YAML trees. Groovy has none, so that these are made: a span that is exact, and a value.
 */

export function makeMapping({ start, end }: Span): MappingNode {
  return { kind: 'mapping', flow: false, entries: [], anchor: undefined, tag: undefined, start, end };
}

/** A value whose characters come from the file in `runs`. */
export function makeScalar(span: Span, value: string, runs: readonly Run[]): ScalarNode {
  const [first] = runs;
  const last = runs.at(-1);
  const contentStart = first?.sourceStart ?? span.start;
  const contentEnd = last === undefined ? span.end : last.sourceStart + last.length;
  return {
    kind: 'scalar',
    anchor: undefined,
    tag: undefined,
    value,
    style: 'double-quoted',
    indent: -1,
    exact: runs.length === 1 && first?.valueStart === 0 && first.length === value.length,
    runs,
    contentStart,
    contentEnd,
    start: span.start,
    end: span.end,
  };
}

/** The characters of the span as they stand in the file, or `value` for the whole of it. */
export function scalarAt(source: SourceText, span: Span, value?: string): ScalarNode {
  const own = source.slice(span);
  const runs =
    value === undefined || value === own
      ? [{ valueStart: 0, sourceStart: span.start, length: own.length }]
      : [];
  return makeScalar(span, value ?? own, runs);
}

export function textAt(source: SourceText, span: Span, value?: string): Text {
  return new Text(scalarAt(source, span, value), source, () => []);
}

export function variableOf(source: SourceText, name: string, key: Span, value: Text): Variable {
  return { name, key: scalarAt(source, key, name), value, node: value.node };
}
