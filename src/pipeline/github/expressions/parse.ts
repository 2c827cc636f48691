import type { BinaryOperator, ExpressionNode, ParsedExpression } from '../../expression.ts';
import { type Token, tokenize } from './tokens.ts';

/** GitHub refuses longer and deeper ones. */
const CHARACTERS_MAX = 21_000;
const DEPTH_MAX = 50;
/** Ours: a chain of operators is a deep tree, and whoever walks it recurses. */
const TOKENS_MAX = 4_000;

/** Weakest first; one level of the table binds equally and from left to right. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [['||'], ['&&'], ['==', '!='], ['<', '<=', '>', '>=']];

class SyntaxFault extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const KEYWORDS: Readonly<Record<string, boolean | null | number>> = {
  true: true,
  false: false,
  null: null,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
};

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get #token(): Token {
    const last: Token = { kind: 'end', text: '', start: 0, end: 0 };
    return this.#tokens[this.#next] ?? this.#tokens.at(-1) ?? last;
  }

  #isOperator(text: string): boolean {
    return this.#token.kind === 'operator' && this.#token.text === text;
  }

  #take(): Token {
    const token = this.#token;
    this.#next += 1;
    return token;
  }

  #expect(text: string): Token {
    if (!this.#isOperator(text)) throw this.#fault(`expected "${text}"`);
    return this.#take();
  }

  #fault(message: string): SyntaxFault {
    const found = this.#token.kind === 'end' ? 'the end' : JSON.stringify(this.#token.text);
    return new SyntaxFault(`${message}, found ${found}`, this.#token.start);
  }

  parse(): ExpressionNode {
    const root = this.#binary(0);
    if (this.#token.kind !== 'end') throw this.#fault('expected an operator or the end');
    return root;
  }

  #binary(level: number): ExpressionNode {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = operators.find((candidate) => this.#isOperator(candidate));
      if (operator === undefined) return left;
      this.#take();
      const right = this.#binary(level + 1);
      left = { kind: 'binary', operator, left, right, start: left.start, end: right.end };
    }
  }

  #unary(): ExpressionNode {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw new SyntaxFault(`nested deeper than ${DEPTH_MAX}`, this.#token.start);
    const start = this.#token.start;
    let node: ExpressionNode;
    if (this.#isOperator('!')) {
      this.#take();
      const operand = this.#unary();
      node = { kind: 'not', operand, start, end: operand.end };
    } else node = this.#members(this.#primary());
    this.#depth -= 1;
    return node;
  }

  #primary(): ExpressionNode {
    const token = this.#token;
    const span = { start: token.start, end: token.end };
    if (this.#isOperator('(')) {
      this.#take();
      const inner = this.#binary(0);
      this.#expect(')');
      return inner;
    }
    if (token.kind === 'string') return { kind: 'literal', value: this.#take().text, ...span };
    if (token.kind === 'number') return { kind: 'literal', value: Number(this.#take().text), ...span };
    if (token.kind !== 'word') throw this.#fault('expected a value');
    this.#take();
    const keyword = Object.hasOwn(KEYWORDS, token.text) ? KEYWORDS[token.text] : undefined;
    if (this.#isOperator('(')) return this.#call(token);
    return keyword === undefined
      ? { kind: 'context', name: token.text, ...span }
      : { kind: 'literal', value: keyword, ...span };
  }

  #call(name: Token): ExpressionNode {
    this.#expect('(');
    const args: ExpressionNode[] = [];
    while (!this.#isOperator(')')) {
      if (args.length > 0) this.#expect(',');
      args.push(this.#binary(0));
    }
    const { end } = this.#expect(')');
    return { kind: 'call', name: name.text, args, start: name.start, end };
  }

  #members(base: ExpressionNode): ExpressionNode {
    let object = base;
    let count = 0;
    for (;;) {
      count += 1;
      if (count > DEPTH_MAX) throw new SyntaxFault(`more than ${DEPTH_MAX} members`, this.#token.start);
      if (this.#isOperator('.')) object = this.#dot(object);
      else if (this.#isOperator('[')) object = this.#brackets(object);
      else return object;
    }
  }

  #dot(object: ExpressionNode): ExpressionNode {
    this.#take();
    const { start } = object;
    if (this.#isOperator('*')) return { kind: 'wildcard', object, start, end: this.#take().end };
    if (this.#token.kind !== 'word') throw this.#fault('expected a name behind "."');
    const name = this.#take();
    return { kind: 'property', object, name: name.text, start, end: name.end };
  }

  #brackets(object: ExpressionNode): ExpressionNode {
    this.#take();
    const { start } = object;
    if (this.#isOperator('*')) {
      this.#take();
      return { kind: 'wildcard', object, start, end: this.#expect(']').end };
    }
    const index = this.#binary(0);
    const { end } = this.#expect(']');
    // `github['event']` is `github.event`.
    return index.kind === 'literal' && typeof index.value === 'string'
      ? { kind: 'property', object, name: index.value, start, end }
      : { kind: 'index', object, index, start, end };
  }
}

function parseWhole(text: string): ParsedExpression {
  if (text.length > CHARACTERS_MAX) {
    return { ok: false, error: { message: `longer than ${CHARACTERS_MAX} characters`, at: 0 } };
  }
  const tokens = tokenize(text);
  if (!Array.isArray(tokens)) return { ok: false, error: tokens };
  if (tokens.length > TOKENS_MAX) {
    return { ok: false, error: { message: `more than ${TOKENS_MAX} words and signs`, at: 0 } };
  }
  try {
    return { ok: true, root: new Parser(tokens).parse() };
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    return { ok: false, error: { message: error.message, at: error.at } };
  }
}

/** Expressions repeat from line to line and from file to file: most are one of a few thousand. */
const PARSED_MAX = 10_000;
const PARSED_CHARACTERS_MAX = 200;
const PARSED = new Map<string, ParsedExpression>();

/** A part of a text keeps the whole text alive; a copy does not. */
function copyText(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

/**
 * Parses what stands between `${{` and `}}`. Never throws; nesting and length are bounded as on the platform. Equal
 * texts may get the same tree.
 */
export function parseExpression(text: string): ParsedExpression {
  if (text.length > PARSED_CHARACTERS_MAX) return parseWhole(text);
  const known = PARSED.get(text);
  if (known !== undefined) return known;
  if (PARSED.size >= PARSED_MAX) PARSED.clear();
  const own = copyText(text);
  const parsed = parseWhole(own);
  PARSED.set(own, parsed);
  return parsed;
}
