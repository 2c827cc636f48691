import type { BinaryOperator, ExpressionNode } from '../expression.ts';

/** Conditions are short; what is longer is taken as unknown. */
const CHARACTERS_MAX = 10_000;
const DEPTH_MAX = 50;

interface Token {
  readonly kind: 'operator' | 'open' | 'close' | 'variable' | 'text' | 'pattern' | 'null';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOKENS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['operator', /(?:==|!=|=~|!~|&&|\|\|)/y],
  ['open', /\(/y],
  ['close', /\)/y],
  ['variable', /\$(?:\w+|\{\w+\})/y],
  ['text', /"[^"]*"|'[^']*'/y],
  ['pattern', /\/(?:\\.|[^/\\\n])+\/[ismU]*/y],
  ['null', /null\b/y],
];

function readToken(text: string, at: number): Token | undefined {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return { kind, text: match[0], start: at, end: at + match[0].length };
  }
  return undefined;
}

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const token = readToken(text, at);
    if (token === undefined) return undefined;
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

const PRECEDENCE: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '=~': 3,
  '!~': 3,
};

function isOperator(text: string): text is BinaryOperator {
  return text in PRECEDENCE;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  parse(floor: number, depth: number): ExpressionNode | undefined {
    let left = this.#operand(depth);
    while (left !== undefined) {
      const token = this.#tokens[this.#at];
      if (token?.kind !== 'operator' || !isOperator(token.text)) break;
      const power = PRECEDENCE[token.text] ?? 0;
      if (power <= floor) break;
      this.#at += 1;
      const right = this.parse(power, depth + 1);
      if (right === undefined) return undefined;
      left = { kind: 'binary', operator: token.text, left, right, start: left.start, end: right.end };
    }
    return left;
  }

  #operand(depth: number): ExpressionNode | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined || depth > DEPTH_MAX) return undefined;
    this.#at += 1;
    const { start, end, text } = token;
    switch (token.kind) {
      case 'open': {
        const inside = this.parse(0, depth + 1);
        const closed = this.#tokens[this.#at]?.kind === 'close';
        this.#at += 1;
        return closed ? inside : undefined;
      }
      case 'variable':
        return { kind: 'context', name: text.replace(/[${}]/g, ''), start, end };
      case 'text':
        return { kind: 'literal', value: text.slice(1, -1), start, end };
      case 'pattern':
        return { kind: 'literal', value: text, start, end };
      case 'null':
        return { kind: 'literal', value: null, start, end };
      case 'operator':
      case 'close':
        break;
    }
    return undefined;
  }
}

/** `rules:if` as a tree; undefined when it is not in GitLab's language for conditions. */
export function parseCondition(text: string): ExpressionNode | undefined {
  if (text.length > CHARACTERS_MAX) return undefined;
  const tokens = tokenize(text);
  if (tokens === undefined) return undefined;
  const parser = new Parser(tokens);
  const root = parser.parse(0, 0);
  return parser.isAtEnd ? root : undefined;
}
