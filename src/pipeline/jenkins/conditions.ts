import {
  callsOf,
  type Call,
  closuresOf,
  constantOf,
  argumentOf,
  type Expression,
  firstArgument,
  pathOfExpression,
  unwrap,
} from './tree.ts';

/** Three-valued: a condition that cannot be judged stops nobody. */
export type Truth = boolean | undefined;

/** One kind of build, with what Jenkins fills for it. */
export interface Situation {
  readonly kind: 'change' | 'main' | 'branch' | 'tag' | 'manual' | 'timer';
  /** Undefined where it could be any. */
  readonly branch: string | undefined;
}

function not(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

function every(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}

function some(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.includes(undefined) ? undefined : false;
}

/** What a variable holds in a situation: text, `null`, anything at all (`set`), or nobody knows. */
type Held = { readonly text: string } | 'null' | 'set' | undefined;

function isMultibranch({ kind }: Situation): boolean {
  return kind === 'change' || kind === 'main' || kind === 'branch' || kind === 'tag';
}

function heldBy(path: string, situation: Situation): Held {
  const name = path.replace(/^(?:env|this)\./, '');
  const { kind, branch } = situation;
  if (!isMultibranch(situation)) return undefined;
  if (/^CHANGE_|^ghprb|^gitlabMergeRequest/.test(name)) return kind === 'change' ? 'set' : 'null';
  if (name === 'TAG_NAME') return kind === 'tag' ? 'set' : 'null';
  if (name === 'BRANCH_IS_PRIMARY') return kind === 'main' ? { text: 'true' } : 'null';
  if (name === 'BRANCH_NAME' || name === 'GIT_BRANCH') {
    if (kind === 'change') return { text: 'PR-1' };
    return branch === undefined ? undefined : { text: branch };
  }
  return undefined;
}

const PRIMARY = /^(?:origin\/)?(?:main|master|trunk|develop|production|release.{0,40})$/;

/** Every name that a main branch may have counts as the name of the main branch. */
function isSame(held: Held, text: string | undefined, { kind }: Situation): Truth {
  if (held === undefined || text === undefined) return undefined;
  if (held === 'null') return text === 'null';
  if (held === 'set') return text === 'null' || text === '' ? false : undefined;
  if (kind === 'main' && PRIMARY.test(text)) return undefined;
  return held.text === text.replace(/^origin\//, '');
}

function matchesGlob(pattern: string, situation: Situation): Truth {
  if (situation.kind === 'change')
    return /^PR-|\*\*?$/.test(pattern) && !PRIMARY.test(pattern) ? undefined : false;
  if (situation.kind === 'main')
    return PRIMARY.test(pattern) ? true : /[*?]/.test(pattern) ? undefined : false;
  if (situation.kind === 'tag') return undefined;
  return situation.kind === 'branch' ? (PRIMARY.test(pattern) ? false : undefined) : undefined;
}

/** Nobody writes a longer condition. */
const ITEMS_MAX = 200;
const PRECEDENCE: readonly string[][] = [['||'], ['&&'], ['==', '!=', '=~', '==~', 'in']];

/** Flat operands and operators, split at the loosest operator first. */
function judgeItems(items: readonly Item[], situation: Situation, level = 0): Truth {
  const [first] = items;
  if (items.length > ITEMS_MAX) return undefined;
  if (first?.kind === 'name' && first.name === 'return') return judgeItems(items.slice(1), situation);
  const operators = PRECEDENCE[level];
  if (operators === undefined) return judgeUnary(items, situation);
  const parts = splitAt(items, operators);
  if (parts.operands.length === 1) return judgeItems(items, situation, level + 1);
  if (level === 2) return judgeComparison(parts, situation);
  const truths = parts.operands.slice(0, 50).map((each) => judgeItems(each, situation, level + 1));
  return level === 0 ? some(truths) : every(truths);
}

type Item = Extract<Expression, { kind: 'sequence' }>['items'][number];

function splitAt(
  items: readonly Item[],
  operators: readonly string[],
): { operands: Item[][]; operators: string[] } {
  const operands: Item[][] = [[]];
  const found: string[] = [];
  for (const item of items) {
    if (item.kind === 'operator' && operators.includes(item.text)) {
      operands.push([]);
      found.push(item.text);
    } else operands.at(-1)?.push(item);
  }
  return { operands, operators: found };
}

function judgeComparison(parts: { operands: Item[][]; operators: string[] }, situation: Situation): Truth {
  const [operator] = parts.operators;
  if (parts.operands.length !== 2) return undefined;
  const [left, right] = parts.operands.map(([item]) => (item?.kind === 'operator' ? undefined : item));
  if (left === undefined || right === undefined) return undefined;
  if (operator === 'in') return isOneOf(left, right, situation);
  if (operator === '==~') return matchesPattern(left, constantOf(right), situation);
  if (operator !== '==' && operator !== '!=') return undefined;
  const [value, text] =
    constantOf(left) === undefined ? [left, constantOf(right)] : [right, constantOf(left)];
  const path = pathOfExpression(unwrap(value));
  const same = path === undefined ? undefined : isSame(heldBy(path, situation), text, situation);
  return operator === '==' ? same : not(same);
}

/** `env.BRANCH_NAME in ['main', 'develop']`, and `contains` the other way round. */
function isOneOf(value: Expression, list: Expression, situation: Situation): Truth {
  const path = pathOfExpression(unwrap(value));
  if (path === undefined || list.kind !== 'list') return undefined;
  const held = heldBy(path, situation);
  return some(list.entries.slice(0, 50).map((each) => isSame(held, constantOf(each.value), situation)));
}

/** No pattern of others is run: one that begins with a word other than that of pull requests does not match them. */
function matchesPattern(value: Expression, pattern: string | undefined, situation: Situation): Truth {
  const path = pathOfExpression(unwrap(value));
  if (path === undefined || situation.kind !== 'change' || !path.endsWith('BRANCH_NAME')) return undefined;
  const names = pattern
    ?.replace(/^\^?\(?/, '')
    .slice(0, 200)
    .split('|') ?? ['.'];
  return names.every((name) => /^[A-Za-z]/.test(name) && !/^pr/i.test(name)) ? false : undefined;
}

function judgeUnary(items: readonly Item[], situation: Situation): Truth {
  const [first, ...rest] = items;
  if (first === undefined) return undefined;
  if (first.kind === 'operator') return first.text === '!' ? not(judgeUnary(rest, situation)) : undefined;
  return rest.length > 0 ? undefined : judgeCondition(first, situation);
}

/** A condition in Groovy: `env.CHANGE_ID == null && env.BRANCH_NAME == 'main'`. */
export function judgeCondition(expression: Expression, situation: Situation): Truth {
  const inner = unwrap(expression);
  if (inner.kind === 'sequence') return judgeItems(inner.items, situation);
  const constant = constantOf(inner);
  if (constant === 'true' || constant === 'false') return constant === 'true';
  const path = pathOfExpression(inner);
  if (path !== undefined) {
    const held = heldBy(path, situation);
    return held === undefined ? undefined : held !== 'null';
  }
  if (inner.kind !== 'chain') return undefined;
  const [call, another] = callsOf(inner);
  if (call === undefined || another !== undefined) return undefined;
  if (call.path === 'isPullRequest') return situation.kind === 'change';
  // `return env.X`, `(env.X)?.trim()` and their like.
  const end = call.path.lastIndexOf('.');
  if (/\.(?:equals|equalsIgnoreCase)$/.test(call.path)) {
    return isSame(
      heldBy(call.path.slice(0, end), situation),
      constantOf(firstArgument(call.entries)),
      situation,
    );
  }
  const argument = firstArgument(call.entries);
  if (call.path === 'return') return argument === undefined ? undefined : judgeCondition(argument, situation);
  if (inner.head.kind === 'list') {
    const isList = inner.head.kind === 'list' && inner.links.length === 2 && argument !== undefined;
    return isList && call.path === 'contains' ? isOneOf(argument, inner.head, situation) : undefined;
  }
  if (!call.path.endsWith('.startsWith')) return undefined;
  const held = heldBy(call.path.slice(0, end), situation);
  const prefix = constantOf(argument);
  // Another name that the main branch may have could begin so.
  if (typeof held !== 'object' || prefix === undefined || situation.kind === 'main') return undefined;
  return held.text.startsWith(prefix);
}

/** One condition of `when { … }`. */
function judgeWhen(call: Call, situation: Situation): Truth {
  const { kind } = situation;
  const inner = closuresOf(call).flatMap(({ statements }) => statements);
  switch (call.path) {
    case 'allOf':
      return every(judgeAll(inner, situation));
    case 'anyOf':
      return some(judgeAll(inner, situation));
    case 'not':
      return not(every(judgeAll(inner, situation)));
    case 'changeRequest':
      // With arguments it asks for more than that it is one.
      return kind === 'change' ? (call.entries.length > 0 ? undefined : true) : false;
    case 'buildingTag':
      return kind === 'tag';
    case 'tag':
      return kind === 'tag' ? undefined : false;
    case 'branch':
      return judgeBranch(call, situation);
    case 'triggeredBy':
      return kind === 'change' ? false : undefined;
    case 'expression':
      return every(inner.slice(-1).map((each) => judgeCondition(each, situation)));
    case 'environment':
    case 'equals':
      return judgeEquals(call, situation);
  }
  return undefined;
}

function judgeBranch(call: Call, situation: Situation): Truth {
  const pattern = constantOf(argumentOf(call.entries, 'pattern') ?? firstArgument(call.entries));
  return pattern === undefined ? undefined : matchesGlob(pattern, situation);
}

function judgeEquals({ entries }: Call, situation: Situation): Truth {
  const path = pathOfExpression(
    argumentOf(entries, 'actual') ?? { kind: 'number', text: '', start: 0, end: 0 },
  );
  const name = path ?? constantOf(argumentOf(entries, 'name'));
  const text = constantOf(argumentOf(entries, 'expected') ?? argumentOf(entries, 'value'));
  return name === undefined ? undefined : isSame(heldBy(name, situation), text, situation);
}

function judgeAll(statements: readonly Expression[], situation: Situation): Truth[] {
  return statements.flatMap((each) =>
    each.kind === 'chain'
      ? callsOf(each)
          .slice(0, 1)
          .map((call) => judgeWhen(call, situation))
      : [],
  );
}

/** Whether a stage runs: all conditions of its `when` must hold. */
export function judgeWhenBlock(statements: readonly Expression[], situation: Situation): Truth {
  return every(judgeAll(statements, situation));
}
