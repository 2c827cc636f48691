import { parse } from 'smol-toml';
import { messageOf } from '#core/errors.ts';
import { entropyOf } from '../checks/entropy.ts';
import type { CompiledRule } from '../compiled-rule.ts';
import { type Allowlist, compileAllowlist } from './allowlist.ts';
import { GitleaksFile, type GitleaksRule, lowerKeys } from './gitleaks-schema.ts';
import { PatternRefused, translateGoPattern } from './go-pattern.ts';
import { needsKeyword } from './needs-keyword.ts';
import { isSlowPattern } from './probe-pattern.ts';

const TEXT_CHARS_MAX = 2_000_000;
/** So far around a keyword an expression sees. */
const REACH_BYTES = 700;
/** What matches over many lines: PEM, above all. */
const LONG_REACH_BYTES = 12_288;

/** What a team decided in `.gitleaks.toml`. */
export interface GitleaksConfig {
  readonly rules: readonly TeamRule[];
  readonly allowlists: readonly Allowlist[];
  /** By rule of gitleaks: what it lets stay there. */
  readonly ruleAllowlists: ReadonlyMap<string, readonly Allowlist[]>;
  /** Rules of the default configuration that it turns off. */
  readonly disabled: ReadonlySet<string>;
  /** What was not understood, in sentences. */
  readonly problems: readonly string[];
  /** The file that it extends, as it is written there. */
  readonly extendsPath: string | undefined;
}

/** A rule of a team's own. */
export interface TeamRule extends CompiledRule {
  readonly gitleaksId: string;
  readonly description: string;
  /** Known once a keyword of it was seen. */
  readonly isTooSlow: () => boolean;
  /** Finds files by their name alone. */
  readonly fileOnly: boolean;
}

function reachOf(pattern: string): number {
  const longest = Math.max(0, ...[...pattern.matchAll(/,(\d{3,4})\}/g)].map(([, count]) => Number(count)));
  return /\\s\\S|\(\?[a-z]*s|\{\d+,\}|\[\^[^\]]{1,20}\][*+]|\.[*+]/.test(pattern)
    ? LONG_REACH_BYTES
    : Math.min(LONG_REACH_BYTES, REACH_BYTES + longest * 2);
}

/** An expression of somebody else, tried out when it is needed for the first time: most never are. */
class FirstUse {
  tooSlow = false;
  readonly #source: string;
  readonly #keywords: readonly string[];
  #expression: RegExp | undefined;

  constructor(source: string, keywords: readonly string[]) {
    this.#source = source;
    this.#keywords = keywords;
  }

  get expression(): RegExp {
    if (this.#expression !== undefined) return this.#expression;
    const expression = new RegExp(this.#source, 'g');
    this.tooSlow = isSlowPattern(expression, this.#keywords);
    this.#expression = this.tooSlow ? /(?!)/g : expression;
    return this.#expression;
  }
}

const AN_ALLOW_LIST = 'an allow list';
const TOO_SLOW = 'it is too slow on hostile text';

class Compiler {
  readonly problems: string[] = [];

  /** An expression, or undefined and a sentence about it. */
  readonly translate = (source: string, where = AN_ALLOW_LIST): RegExp | undefined => {
    try {
      // Without `g`, so that `test` has no memory.
      const expression = new RegExp(translateGoPattern(source));
      // What only compares short texts is tried at once; a rule when its keyword is seen.
      if (where === AN_ALLOW_LIST && isSlowPattern(expression)) throw new PatternRefused(TOO_SLOW);
      return expression;
    } catch (error) {
      const why = error instanceof PatternRefused ? error.message : 'it is no valid pattern';
      this.problems.push(`the pattern of ${where} is left out: ${why}`);
      return undefined;
    }
  };

  allowlistsOf(rule: Pick<GitleaksRule, 'allowlist' | 'allowlists'>): Allowlist[] {
    const lists = [...(rule.allowlist === undefined ? [] : [rule.allowlist]), ...(rule.allowlists ?? [])];
    return lists.map((list) => compileAllowlist(list, (source) => this.translate(source)));
  }

  rule(rule: GitleaksRule): TeamRule | undefined {
    const path = rule.path === undefined ? undefined : this.translate(rule.path, `${rule.id} (path)`);
    if (rule.path !== undefined && path === undefined) return undefined;
    if (rule.skipreport === true) return undefined;
    if (rule.required !== undefined && rule.required.length > 0) {
      this.problems.push(`${rule.id} is reported without the rules that it requires beside it`);
    }
    const found = rule.regex === undefined ? undefined : this.translate(rule.regex, rule.id);
    if (rule.regex !== undefined && found === undefined) return undefined;
    if (found === undefined && path === undefined) return undefined;
    const source = found?.source ?? '(?!)';
    const keywords = (rule.keywords ?? []).filter((word) => word !== '');
    const use = new FirstUse(source, keywords);
    const reach = reachOf(rule.regex ?? '');
    const { entropy = 0, secretgroup = 0 } = rule;
    return {
      id: `gitleaks-${rule.id
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .slice(0, 90)}`,
      gitleaksId: rule.id,
      description: rule.description ?? rule.id,
      fileOnly: rule.regex === undefined,
      keywords,
      before: reach,
      behind: reach,
      limited: true,
      wholeFile: !needsKeyword(rule.regex ?? '', keywords),
      ...(secretgroup > 0 ? { group: secretgroup } : {}),
      ...(path === undefined ? {} : { wants: (file: string) => path.test(file) }),
      expression: () => use.expression,
      isTooSlow: () => use.tooSlow,
      judge: ({ value }) => {
        // Equal is not enough there either.
        if (entropy > 0 && entropyOf(value) <= entropy) return undefined;
        return /generic/i.test(rule.id) ? 'generic' : 'high';
      },
    };
  }
}

/**
 * Reads a configuration of gitleaks. Whatever is not understood is a sentence, and the rest holds: an allow list that
 * is not understood allows nothing.
 */
export function readGitleaksConfig(text: string): GitleaksConfig {
  const compiler = new Compiler();
  const file = parseFile(text, compiler.problems);
  const { extend = {}, rules = [] } = file;
  const ruleAllowlists = new Map(rules.map((rule) => [rule.id, compiler.allowlistsOf(rule)] as const));
  const lists = compiler.allowlistsOf(file);
  for (const list of lists) {
    for (const id of list.targets) ruleAllowlists.set(id, [...(ruleAllowlists.get(id) ?? []), list]);
  }
  return {
    rules: rules.flatMap((rule) => compiler.rule(rule) ?? []),
    allowlists: lists.filter(({ targets }) => targets.length === 0),
    ruleAllowlists,
    disabled: new Set(extend.disabledrules ?? []),
    problems: compiler.problems,
    extendsPath: extend.path,
  };
}

function parseFile(text: string, problems: string[]): GitleaksFile {
  if (text.length > TEXT_CHARS_MAX) {
    problems.push(`it is longer than ${TEXT_CHARS_MAX} characters, so it is left out`);
    return {};
  }
  try {
    const checked = GitleaksFile.safeParse(lowerKeys(parse(text)));
    if (checked.success) return checked.data;
    const [issue] = checked.error.issues;
    problems.push(`it is left out: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`);
  } catch (error) {
    problems.push(`it is no valid TOML: ${messageOf(error).split('\n')[0] ?? ''}`);
  }
  return {};
}
