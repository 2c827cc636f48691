import { ruleAreasOf, type RuleAreas } from './risk-area.ts';
import type { RuleDescription } from './rule-description.ts';

export interface RuleExample {
  /** Absent where the name does not matter. */
  readonly file?: string;
  readonly language: string;
  readonly text: string;
}

/** A rule with what teaches it. */
export interface TaughtRule extends RuleDescription {
  readonly platforms: readonly string[];
  readonly vulnerable: readonly RuleExample[];
  readonly mended: readonly RuleExample[];
}

/** All our rules, for people who read about them. */
export interface RuleBook {
  readonly rules: readonly TaughtRule[];
  readonly areas: RuleAreas;
  rule(id: string): TaughtRule | undefined;
  /** Our rules that look for the same as somebody's: the rule itself, or all that name it as an alias. */
  alike(tool: string, ruleId: string, aliases: readonly string[]): readonly TaughtRule[];
}

/** What `bad.yml` and `good.yml` of a rule say, whole. */
export type ExampleTexts = Readonly<Record<string, { readonly bad: string; readonly good: string }>>;

/** A file's own name stands in its first line: `# --- .gitlab-ci.yml`. */
const FILE_LINE = /^# --- (\S+)[^\n]*\n/;

function languageOf(file: string | undefined): string {
  if (file?.endsWith('.tf') === true) return 'hcl';
  return file !== undefined && /(?:Jenkinsfile|\.groovy)$/.test(file) ? 'groovy' : 'yaml';
}

/** One for each file; several are told apart by `# --- path` lines. */
export function splitExample(text: string): RuleExample[] {
  return text.split(/^(?=# --- )/m).map((part) => {
    const file = FILE_LINE.exec(part)?.[1];
    return {
      ...(file !== undefined && { file }),
      language: languageOf(file),
      text: part.replace(FILE_LINE, '').trimEnd(),
    };
  });
}

export function createRuleBook(
  descriptions: readonly (RuleDescription & { readonly platforms: readonly string[] })[],
  texts: ExampleTexts,
): RuleBook {
  const rules = descriptions.map((rule): TaughtRule => {
    const { bad, good } = texts[rule.id] ?? { bad: '', good: '' };
    return { ...rule, vulnerable: splitExample(bad), mended: splitExample(good) };
  });
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const byName = new Map<string, TaughtRule[]>();
  for (const rule of rules) {
    for (const name of [`vouchgate/${rule.id}`, ...rule.aliases]) {
      const key = name.toLowerCase();
      byName.set(key, [...(byName.get(key) ?? []), rule]);
    }
  }
  return {
    rules,
    areas: ruleAreasOf(descriptions),
    rule: (id) => byId.get(id),
    alike: (tool, ruleId, aliases) => {
      const own = tool === 'vouchgate' ? byId.get(ruleId) : undefined;
      if (own !== undefined) return [own];
      const names = [`${tool}/${ruleId}`, ...aliases].map((name) => name.toLowerCase());
      return [...new Set(names.flatMap((name) => byName.get(name) ?? []))];
    },
  };
}
