import type { ExpressionNode, ParsedExpression } from '../expression.ts';
import type { SourceText } from '../source.ts';
import { type Expression, Text } from '../text.ts';
import { type Merged, scalarOf } from './merged.ts';

const PLACEHOLDER = /\$\[\[([^\]]*)\]\]/g;
const INPUT = /^\s*inputs\.([\w-]+)/;

function parseInput(inner: string): ParsedExpression {
  const match = INPUT.exec(inner);
  const name = match?.[1];
  if (match === null || name === undefined) {
    return { ok: false, error: { message: 'only `inputs.<name>` may stand here', at: 0 } };
  }
  const end = match[0].length;
  const start = end - name.length;
  const object: ExpressionNode = {
    kind: 'context',
    name: 'inputs',
    start: start - 'inputs.'.length,
    end: start - 1,
  };
  return { ok: true, root: { kind: 'property', object, name, start: object.start, end } };
}

/** `$[[ inputs.name | function ]]`, which is replaced before the file is read as YAML. */
export function readInputExpressions(value: string): Omit<Expression, 'text'>[] {
  if (!value.includes('$[[')) return [];
  return [...value.matchAll(PLACEHOLDER)].map((match) => {
    const [outer, inner = ''] = match;
    const start = match.index;
    return {
      outer: { start, end: start + outer.length },
      inner: { start: start + 3, end: start + outer.length - 2 },
      parsed: parseInput(inner),
    };
  });
}

/** The name of the input that an expression reads. */
export function inputNameOf(expression: Expression): string | undefined {
  const { parsed } = expression;
  return parsed.ok && parsed.root.kind === 'property' ? parsed.root.name : undefined;
}

export function textOf(value: Merged | undefined): Text | undefined {
  const node = scalarOf(value);
  return node === undefined || value === undefined ? undefined : textAt(node, value.source);
}

function textAt(node: Text['node'], source: SourceText): Text {
  return new Text(node, source, readInputExpressions);
}
