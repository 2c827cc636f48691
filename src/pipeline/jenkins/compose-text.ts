import type { ExpressionNode } from '../expression.ts';
import type { SourceText, Span } from '../source.ts';
import { Text } from '../text.ts';
import type { Run } from '../yaml/node.ts';
import { makeScalar } from './nodes.ts';
import { type Expression, pathOfExpression, type StringLiteral, unwrap } from './tree.ts';

/** A value of Groovy that stands in a text. */
export interface Inserted {
  readonly expression: Expression;
  /** In characters of the text's value. */
  readonly outer: Span;
  readonly inner: Span;
}

export interface ComposedText {
  readonly text: Text;
  readonly inserted: readonly Inserted[];
}

const PIECES_MAX = 500;
const WRITTEN_MAX = 200;

class Composer {
  readonly #source: SourceText;
  readonly #parts: string[] = [];
  readonly #runs: Run[] = [];
  readonly inserted: Inserted[] = [];
  #length = 0;
  #pieces = 0;

  constructor(source: SourceText) {
    this.#source = source;
  }

  add(expression: Expression): void {
    this.#pieces += 1;
    if (this.#pieces > PIECES_MAX) return;
    const inner = literalOf(unwrap(expression));
    if (inner.kind === 'string') this.#addLiteral(inner);
    else if (inner.kind === 'sequence' && isSum(inner)) {
      for (const item of inner.items) if (item.kind !== 'operator') this.add(item);
    } else if (inner.kind === 'number') this.#addRun(inner, this.#source.slice(inner));
    else this.#addValue(inner);
  }

  #addRun(span: Span, value: string): void {
    this.#runs.push({ valueStart: this.#length, sourceStart: span.start, length: value.length });
    this.#parts.push(value);
    this.#length += value.length;
  }

  #addLiteral({ token, parts }: StringLiteral): void {
    const offset = this.#length;
    for (const run of token.runs) this.#runs.push({ ...run, valueStart: run.valueStart + offset });
    for (const [index, { outer, inner }] of token.interpolations.entries()) {
      const expression = parts[index];
      if (expression === undefined) continue;
      this.inserted.push({ expression, outer: shift(outer, offset), inner: shift(inner, offset) });
    }
    this.#parts.push(token.value);
    this.#length += token.value.length;
  }

  /** `"a" + name`: what the shell gets there is unknown, and it is written as an interpolation is. */
  #addValue(expression: Expression): void {
    const start = this.#length;
    const written = this.#source.slice(expression).slice(0, WRITTEN_MAX).replaceAll(/\s+/g, ' ');
    const isPlain = written.length === expression.end - expression.start;
    this.#parts.push('${');
    this.#length += 2;
    if (isPlain) this.#addRun(expression, written);
    else {
      this.#runs.push({ valueStart: this.#length, sourceStart: expression.start, length: 1 });
      this.#parts.push(written);
      this.#length += written.length;
    }
    this.#parts.push('}');
    this.#length += 1;
    // The braces stand nowhere in the file.
    const place = { start: start + 2, end: this.#length - 1 };
    this.inserted.push({ expression, outer: place, inner: place });
  }

  finish(span: Span): ComposedText {
    const node = makeScalar(span, this.#parts.join(''), this.#runs);
    const expressions = this.inserted.map(({ expression, outer, inner }) => ({
      outer,
      inner,
      parsed: { ok: true as const, root: toNode(expression, inner.end - inner.start) },
    }));
    return { text: new Text(node, this.#source, () => expressions), inserted: this.inserted };
  }
}

function shift({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

/** `'…'.stripIndent()` is the string that it begins with. */
function literalOf(expression: Expression): Expression {
  return expression.kind === 'chain' && expression.head.kind === 'string' ? expression.head : expression;
}

function isSum(expression: Extract<Expression, { kind: 'sequence' }>): boolean {
  const operators = expression.items.flatMap((item) => (item.kind === 'operator' ? [item.text] : []));
  return operators.length > 0 && operators.every((text) => text === '+');
}

/** As other platforms' expressions look: `params.NAME`, or a call of something that rules do not know. */
function toNode(expression: Expression, length: number): ExpressionNode {
  const [head = '', ...members] = pathOfExpression(expression)?.split('.').slice(0, 20) ?? [];
  const span = { start: 0, end: length };
  if (head === '') return { kind: 'call', name: 'groovy', args: [], ...span };
  let node: ExpressionNode = { kind: 'context', name: head, ...span };
  for (const name of members) node = { kind: 'property', object: node, name, ...span };
  return node;
}

/** A function that is called often is read often; its texts are made once. */
const composed = new WeakMap<Expression, ComposedText>();

/** The text that an expression makes: a literal, literals joined by `+`, or a value that is not written there. */
export function composeText(expression: Expression, source: SourceText): ComposedText {
  const known = composed.get(expression);
  if (known !== undefined) return known;
  const composer = new Composer(source);
  composer.add(expression);
  const made = composer.finish(expression);
  composed.set(expression, made);
  return made;
}
