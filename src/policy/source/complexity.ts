import type { Token } from './tokenize.ts';

const TOKENS_MAX = 100_000;
const NESTING_MAX = 32;
const PATH_MAX = 40;
const OPERATORS_MAX: Readonly<Record<string, { kind: string; max: number }>> = {
  '&&': { kind: '&& or ||', max: 800 },
  '||': { kind: '&& or ||', max: 800 },
  if: { kind: 'if-then-else', max: 50 },
  '+': { kind: 'arithmetic operators', max: 100 },
  '-': { kind: 'arithmetic operators', max: 100 },
  '*': { kind: 'arithmetic operators', max: 100 },
};

export interface ComplexityMeter {
  add(token: Token): void;
  /** What was too much, or nothing. */
  problem(): string | undefined;
}

/**
 * Measures one policy before Cedar sees it. cedar-wasm has a small stack and does not check it: about a
 * hundred nested brackets or 5,000 operators in a row trap, and then every later call in the process fails,
 * so that one hostile or generated file would take the policies of the whole server down.
 */
export function createComplexityMeter(): ComplexityMeter {
  const counts = new Map<string, number>();
  let tokens = 0;
  let nesting = 0;
  let path = 0;
  let problem: string | undefined;
  const add = ({ kind, text }: Token) => {
    tokens += 1;
    if (tokens > TOKENS_MAX) problem ??= `more than ${TOKENS_MAX} tokens`;
    if (kind === 'string') return;
    if (/^[([{]$/.test(text)) nesting += 1;
    if (/^[)\]}]$/.test(text)) nesting -= 1;
    if (nesting > NESTING_MAX) problem ??= `brackets nested more than ${NESTING_MAX} deep`;
    path = nextPathLength(path, text);
    if (path > PATH_MAX) problem ??= `a path of more than ${PATH_MAX} parts`;
    if (!Object.hasOwn(OPERATORS_MAX, text)) return;
    const limit = OPERATORS_MAX[text];
    if (limit === undefined) return;
    const count = (counts.get(limit.kind) ?? 0) + 1;
    counts.set(limit.kind, count);
    if (count > limit.max) problem ??= `more than ${limit.max} ${limit.kind}`;
  };
  return { add, problem: () => problem };
}

/** Member accesses pile up in one expression until an operator or a comma ends it. */
function nextPathLength(length: number, text: string): number {
  if (text === '.' || text === '[' || text === '!') return length + 1;
  return /^(?:&&|\|\||[=!<>]=|[,;<>]|when|unless)$/.test(text) ? 0 : length;
}
