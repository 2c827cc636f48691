import { checks } from './checks/check.ts';
import { entropyOf } from './checks/entropy.ts';
import { isMadeUp } from './checks/made-up.ts';
import { genericTraits } from './generic/traits.ts';
import { writeOutCase } from './pattern.ts';
import { defaultReach, SECRET_RULE_PREFIX, type SecretRule, type SecretTier } from './rule.ts';

/** What stood where a rule matched, before anything was said about it. */
export interface RuleMatch {
  /** The whole match. */
  readonly text: string;
  readonly value: string;
  /** The line or lines that the match stands in. */
  readonly line: () => string;
  readonly file: string;
}

/** A rule as the matcher runs it: ours, or one of a team's own. */
export interface CompiledRule {
  readonly id: string;
  readonly keywords: readonly string[];
  readonly before: number;
  readonly behind: number;
  /** A keyword says something about the file, and nothing about the place: all of it is searched. */
  readonly wholeFile?: boolean;
  /** The group that holds the secret; the first that took part when it is left out. */
  readonly group?: number;
  /** Made when a keyword of the rule was seen for the first time. */
  readonly expression: () => RegExp;
  /** Somebody else's: its expression may be slow, so its time is counted. */
  readonly limited?: boolean;
  /** A look at the bytes behind a keyword, for keywords that stand in every file. */
  readonly leads?: (bytes: Buffer, start: number, end: number) => boolean;
  /** Whether words of a language are told from random letters by what a tokenizer makes of them. */
  readonly weighed?: boolean;
  /** Whether the rule looks at this file at all. */
  readonly wants?: (file: string) => boolean;
  /** The tier that a match belongs to; undefined when it is no secret. */
  readonly judge: (match: RuleMatch) => SecretTier | undefined;
}

function judgeBy(rule: SecretRule): CompiledRule['judge'] {
  const { tier = 'high', entropyMin = 0, check } = rule;
  return ({ value }) => {
    if (entropyOf(value) < entropyMin || isMadeUp(value)) return undefined;
    const verdict = check === undefined ? 'holds' : checks[check](value);
    if (verdict === 'impossible') return undefined;
    return verdict === 'refuted' ? 'generic' : tier;
  };
}

/** Ours: the expression is compiled when it is needed, as most scans see few of the keywords. */
export function compileRule(rule: SecretRule): CompiledRule {
  const { before, behind } = rule.reach ?? defaultReach;
  let expression: RegExp | undefined;
  return {
    id: `${SECRET_RULE_PREFIX}${rule.id}`,
    keywords: rule.keywords,
    before,
    behind,
    expression: () => {
      expression ??= new RegExp(writeOutCase(rule.pattern), 'g');
      return expression;
    },
    judge: judgeBy(rule),
    ...(Object.hasOwn(genericTraits, rule.id) ? genericTraits[rule.id] : {}),
  };
}
