import type { ExpressionNode } from '#pipeline/expression.ts';
import type { Span } from '#pipeline/source.ts';
import { type Expression, locateExpression, type Text } from '#pipeline/text.ts';

/** A part of an expression as a place in the file. */
export function locateNode(expression: Expression, node: ExpressionNode): Span {
  const { text, inner } = expression;
  return text.span(inner.start + node.start, inner.start + node.end);
}

/** A part of an expression as it is written. */
export function writtenNode(expression: Expression, node: ExpressionNode): string {
  const { text, inner } = expression;
  return text.value.slice(inner.start + node.start, inner.start + node.end);
}

/** The whole expression, without the line breaks that a block scalar brings along. */
export function locateCondition(expression: Expression): Span {
  const { text, outer } = expression;
  const written = text.value.slice(outer.start, outer.end);
  const start = outer.start + written.length - written.trimStart().length;
  const end = outer.start + written.trimEnd().length;
  return start < end ? text.span(start, end) : locateExpression(expression);
}

/** True when a part of the value can be replaced in the file without looking at escapes and folding. */
export function isEditable(text: Text): boolean {
  const { style, exact } = text.node;
  return style === 'literal' || (style === 'plain' && exact);
}
