import type { ExpressionNode } from '#pipeline/expression.ts';
import type { Rules } from '#pipeline/gitlab/model.ts';
import type { Situation } from '#pipeline/gitlab/situation.ts';

/*
 * A pattern comes out of the file, so it may be made to never end. What is run is short, has no quantifier behind a
 * group and at most three in all, and meets a text of at most a few dozen characters: a few thousand steps at worst.
 */
const PATTERN = /^\/((?:\\.|[^/\\\n])+)\/(i?)$/;
const PATTERN_CHARS_MAX = 120;
const TEXT_CHARS_MAX = 32;
const QUANTIFIERS_MAX = 3;
/** What RE2 and JavaScript read alike, without groups that look around or refer back. */
const READ_ALIKE = /^(?:\\[dwsDWS]|\\[^A-Za-z0-9]|[^\\])*$/;

function compile(pattern: string): RegExp | undefined {
  const [, body = '', flags = ''] = PATTERN.exec(pattern.slice(0, PATTERN_CHARS_MAX + 1)) ?? [];
  if (body === '' || pattern.length > PATTERN_CHARS_MAX || !READ_ALIKE.test(body)) return undefined;
  const plain = body.replaceAll(/\\./g, '_');
  if (/\(\?|\)[*+?{]|\[[^\]]*\[/.test(plain)) return undefined;
  if ((plain.match(/[*+?{]/g) ?? []).length > QUANTIFIERS_MAX) return undefined;
  try {
    return new RegExp(body, flags);
  } catch {
    return undefined;
  }
}

/** What patterns of GitLab say of texts; each is read once. */
export class Patterns {
  readonly #compiled = new Map<string, RegExp | undefined>();

  /** Undefined where a pattern is not run. */
  matches(pattern: string, text: string): boolean | undefined {
    if (text.length > TEXT_CHARS_MAX) return undefined;
    if (!this.#compiled.has(pattern)) this.#compiled.set(pattern, compile(pattern));
    return this.#compiled.get(pattern)?.test(text);
  }

  #settle(node: ExpressionNode, situation: Situation): ExpressionNode {
    if (node.kind !== 'binary') return node;
    const { operator, left, right } = node;
    if (operator === '&&' || operator === '||')
      return { ...node, left: this.#settle(left, situation), right: this.#settle(right, situation) };
    if ((operator !== '=~' && operator !== '!~') || left.kind !== 'context' || right.kind !== 'literal')
      return node;
    const value = situation(left.name);
    if (typeof value !== 'string' || typeof right.value !== 'string') return node;
    const matched = this.matches(right.value, value);
    if (matched === undefined) return node;
    // Any text that is there holds.
    const { start, end } = node;
    return { kind: 'literal', value: matched === (operator === '=~') ? 'yes' : '', start, end };
  }

  /** Rules in which what patterns say of a known value is worked out. */
  settle(rules: Rules, situation: Situation): Rules {
    if (rules.kind !== 'rules') return rules;
    const clauses = rules.clauses.map((clause) =>
      clause.if === undefined ? clause : { ...clause, if: this.#settle(clause.if, situation) },
    );
    return { kind: 'rules', clauses };
  }
}
