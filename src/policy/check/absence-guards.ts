import type { ReadPolicy } from '../engine/compiled-policy.ts';
import { quoteCedar } from '../cedar-text.ts';
import { accessPath } from '../expression/access-path.ts';
import { type Expression, visit } from '../expression/expression.ts';
import { tokenize } from '../source/tokenize.ts';
import type { SchemaTree } from './schema-tree.ts';

/** A place that looks at something which may be absent, with the condition that makes it safe. */
export interface OptionalAccess {
  kind: 'attribute' | 'tag';
  /** As in the text: `principal.ref.full`, `principal.getTag("team")`. */
  shown: string;
  /** `principal has ref.full`, `principal.hasTag("team")`. */
  guard: string;
}

export function optionalAccessesIn(expression: Expression, tree: SchemaTree): OptionalAccess[] {
  const found = new Map<string, OptionalAccess>();
  visit(expression, (part) => {
    const access = part.kind === 'attribute' ? attributeAccess(part, tree) : tagAccess(part);
    if (access !== undefined) found.set(access.shown, access);
  });
  return [...found.values()];
}

function attributeAccess(expression: Expression, tree: SchemaTree): OptionalAccess | undefined {
  const path = accessPath(expression);
  if (path === undefined || !isOptional(expression, tree)) return undefined;
  const [root, ...names] = path;
  return { kind: 'attribute', shown: path.join('.'), guard: `${root} has ${names.join('.')}` };
}

function isOptional(expression: Expression, tree: SchemaTree): boolean {
  if (expression.kind !== 'attribute') return false;
  const attribute = tree.shapeOf(expression.of)?.attributes.get(expression.name);
  return attribute?.optional === true || isOptional(expression.of, tree);
}

function tagAccess(expression: Expression): OptionalAccess | undefined {
  if (expression.kind !== 'binary' || expression.operator !== 'getTag') return undefined;
  const { left, right } = expression;
  if (left.kind !== 'variable' || right.kind !== 'literal' || typeof right.value !== 'string')
    return undefined;
  const tag = quoteCedar(right.value);
  return { kind: 'tag', shown: `${left.name}.getTag(${tag})`, guard: `${left.name}.hasTag(${tag})` };
}

export interface GuardedText {
  text: string;
  /** Offset where the guards were put in, and by how much what follows has moved. */
  insertedAt: number;
  insertedChars: number;
}

/**
 * The same policy with every guard that could be missing put first. What Cedar still says of it is about
 * something else: so a missing guard is told from a type error without reading Cedar's sentences.
 */
export function withAllGuards(text: string, policy: ReadPolicy, tree: SchemaTree): GuardedText | undefined {
  const accesses = policy.clauses.flatMap(({ body }) => optionalAccessesIn(body, tree));
  const insertedAt = endOfScope(text);
  if (accesses.length === 0 || insertedAt === undefined) return undefined;
  const guards = [...new Set(accesses.map(({ guard }) => guard))].join(' && ');
  const clause = ` when { ${guards} } `;
  return {
    text: text.slice(0, insertedAt) + clause + text.slice(insertedAt),
    insertedAt,
    insertedChars: clause.length,
  };
}

/** Offset behind the bracket that closes `permit (…)`. */
function endOfScope(text: string): number | undefined {
  let depth = 0;
  let inScope = false;
  for (const token of tokenize(text)) {
    if (token.kind === 'word' && depth === 0 && (token.text === 'permit' || token.text === 'forbid'))
      inScope = true;
    if (token.kind !== 'symbol') continue;
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (inScope && depth === 0 && token.text === ')') return token.end;
  }
  return undefined;
}
