import type { Span } from '../source.ts';
import type { StringToken } from './token.ts';

/** What stands between brackets or behind a command: `name: value`, or a value alone. */
export interface Entry extends Span {
  readonly name: string | undefined;
  readonly value: Expression;
}

export interface Closure extends Span {
  readonly kind: 'closure';
  readonly parameters: readonly string[];
  readonly statements: readonly Expression[];
}

/** What follows a name: a member, a call with its arguments and closures, an index. */
export type Link = Span &
  (
    | { readonly kind: 'member'; readonly name: string }
    | { readonly kind: 'call'; readonly entries: readonly Entry[]; readonly isCommand: boolean }
    | { readonly kind: 'index'; readonly entries: readonly Entry[] }
  );

/** Flat on purpose: `a.b.c(…).d` nests nothing, however long it is. */
export interface Chain extends Span {
  readonly kind: 'chain';
  readonly head: Expression;
  readonly links: readonly Link[];
}

/** Operands and operators as they follow each other; precedence matters in conditions only. */
export interface Sequence extends Span {
  readonly kind: 'sequence';
  readonly items: readonly (Expression | Operator)[];
}

export interface Operator extends Span {
  readonly kind: 'operator';
  readonly text: string;
}

export interface StringLiteral extends Span {
  readonly kind: 'string';
  readonly token: StringToken;
  /** What stands in each `${…}`, in the order of `token.interpolations`. */
  readonly parts: readonly Expression[];
}

export type Expression =
  | StringLiteral
  | Chain
  | Sequence
  | Closure
  | (Span & { readonly kind: 'name'; readonly name: string })
  | (Span & { readonly kind: 'number'; readonly text: string })
  /** `[…]`: a list, or a map when its entries have names. */
  | (Span & { readonly kind: 'list'; readonly entries: readonly Entry[] })
  /** `(…)`. */
  | (Span & { readonly kind: 'group'; readonly entries: readonly Entry[] })
  | (Span & { readonly kind: 'annotation'; readonly name: string; readonly entries: readonly Entry[] });

export interface Script {
  readonly statements: readonly Expression[];
}

/** One call of a chain, by the names since the one before it. */
export interface Call extends Span {
  /** `docker.image`, `sh`; behind another call only what follows it: `inside`. */
  readonly path: string;
  /** Of the last name of `path`. */
  readonly nameSpan: Span;
  readonly entries: readonly Entry[];
  readonly receiver: Call | undefined;
  readonly isCommand: boolean;
}

function callOf(
  link: Extract<Link, { kind: 'call' }>,
  names: readonly string[],
  at: { start: number; nameSpan: Span },
  receiver: Call | undefined,
): Call {
  const { entries, end, isCommand } = link;
  return { path: names.join('.'), nameSpan: at.nameSpan, entries, receiver, isCommand, start: at.start, end };
}

/** The calls of a chain, from left to right. */
export function callsOf(chain: Chain): Call[] {
  const calls: Call[] = [];
  let names: string[] = chain.head.kind === 'name' ? [chain.head.name] : [];
  let nameSpan: Span = chain.head;
  for (const link of chain.links) {
    if (link.kind === 'member') {
      names.push(link.name);
      nameSpan = link;
    } else if (link.kind === 'call') {
      calls.push(callOf(link, names, { start: chain.start, nameSpan }, calls.at(-1)));
      names = [];
    } else names.push('[]');
  }
  return calls;
}

/** `env.CHANGE_TITLE`: names only, `env['X']` as `env.X`; undefined for anything with a call in it. */
export function pathOfExpression(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'chain' || expression.head.kind !== 'name') return undefined;
  const names = [expression.head.name];
  for (const link of expression.links) {
    if (link.kind === 'member') names.push(link.name);
    else {
      const [entry] = link.entries;
      if (link.kind === 'call' || entry?.value.kind !== 'string') return undefined;
      names.push(entry.value.token.value);
    }
  }
  return names.join('.');
}

export function closuresOf(call: Call): Closure[] {
  return call.entries.flatMap(({ value }) => (value.kind === 'closure' ? [value] : []));
}

/** The value of a named argument; Jenkins takes a map in its place, too. */
export function argumentOf(entries: readonly Entry[], name: string): Expression | undefined {
  const direct = entries.find((entry) => entry.name === name)?.value;
  if (direct !== undefined) return direct;
  const [first] = entries;
  return entries.length > 0 && first?.name === undefined && first?.value.kind === 'list'
    ? first.value.entries.find((entry) => entry.name === name)?.value
    : undefined;
}

/** The first argument without a name that is no closure. */
export function firstArgument(entries: readonly Entry[]): Expression | undefined {
  return entries.find(({ name, value }) => name === undefined && value.kind !== 'closure')?.value;
}

/** What a literal says: a string without interpolations, a name (`true`), a number. */
export function constantOf(expression: Expression | undefined): string | undefined {
  if (expression?.kind === 'string')
    return expression.parts.length === 0 ? expression.token.value : undefined;
  if (expression?.kind === 'number') return expression.text;
  return expression?.kind === 'name' && /^(?:true|false|null)$/.test(expression.name)
    ? expression.name
    : undefined;
}

/** Parentheses around one value say nothing. */
export function unwrap(expression: Expression): Expression {
  let inner = expression;
  while (inner.kind === 'group' && inner.entries.length === 1) {
    const [entry] = inner.entries;
    if (entry === undefined) return inner;
    inner = entry.value;
  }
  return inner;
}

/** The items of a list, or the one value in its place. */
export function itemsOfList(expression: Expression | undefined): readonly Expression[] {
  if (expression === undefined) return [];
  return expression.kind === 'list' ? expression.entries.map(({ value }) => value) : [expression];
}
