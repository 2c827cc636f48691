import type { ParsedExpression } from './expression.ts';
import type { SourceText, Span } from './source.ts';
import { asScalar } from './yaml/access.ts';
import type { ScalarNode, YamlNode } from './yaml/node.ts';
import { ScalarSource } from './yaml/scalar-source.ts';

/** An expression of the platform that stands in a text, with its exact place in the file. */
export interface Expression {
  /** The text it stands in. */
  readonly text: Text;
  /** From `${{` to `}}`; for a bare `if:` the whole value. In characters of `text.value`. */
  readonly outer: Span;
  readonly inner: Span;
  readonly parsed: ParsedExpression;
}

/** Finds and parses the expressions of one platform in a value. */
export type ExpressionReader = (value: string) => readonly Omit<Expression, 'text'>[];

const NONE: readonly Expression[] = [];

/** A scalar as the platform sees it: decoded text, the expressions in it, and the way back to the file. */
export class Text {
  readonly node: ScalarNode;
  readonly source: SourceText;
  readonly expressions: readonly Expression[];
  #places: ScalarSource | undefined;

  constructor(node: ScalarNode, source: SourceText, read: ExpressionReader) {
    this.node = node;
    this.source = source;
    const found = read(node.value);
    this.expressions = found.length === 0 ? NONE : found.map((each) => ({ ...each, text: this }));
  }

  get value(): string {
    return this.node.value;
  }

  /** The value with its expressions cut out: what stands there whoever runs it. */
  get isConstant(): boolean {
    return this.expressions.length === 0;
  }

  /** A place in `value` as a place in the file. */
  span(start: number, end: number): Span {
    this.#places ??= new ScalarSource(this.source.text, this.node);
    return this.#places.span(start, end);
  }
}

/** Where an expression stands in the file, from `${{` to `}}`. */
export function locateExpression(expression: Expression): Span {
  return expression.text.span(expression.outer.start, expression.outer.end);
}

/** The expression's own text, without braces. */
export function expressionText(expression: Expression): string {
  return expression.text.value.slice(expression.inner.start, expression.inner.end).trim();
}

export function readText(
  node: YamlNode | undefined,
  source: SourceText,
  read: ExpressionReader,
): Text | undefined {
  const scalar = asScalar(node);
  return scalar === undefined ? undefined : new Text(scalar, source, read);
}
