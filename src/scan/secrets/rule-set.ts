import { hash } from 'node:crypto';
import type { RuleDescription } from '#findings/rule-description.ts';
import { type CompiledRule, compileRule } from './compiled-rule.ts';
import { describeRule } from './describe-rule.ts';
import { SECRET_RULE_PREFIX, type SecretRule, type SecretTier } from './rule.ts';
import type { Allowlist } from './team/allowlist.ts';
import type { TeamRule } from './team/gitleaks-config.ts';
import type { TeamSettings } from './team/team-settings.ts';

/** The rules of one repository: ours, and those of its team. */
export interface RuleSet {
  readonly compiled: readonly CompiledRule[];
  /** Rules of the team whose expressions turned out to be too slow, by their name there. */
  readonly slowRules: () => readonly string[];
  /** Rules that find a file by its name. */
  readonly fileRules: readonly TeamRule[];
  readonly describe: (ruleId: string) => RuleDescription | undefined;
  /** What gitleaks calls a rule. */
  readonly gitleaksIds: (ruleId: string) => readonly string[];
  /** Names that a comment may use. */
  readonly namesOf: (ruleId: string) => readonly string[];
  /** Changes when the rules do. */
  readonly version: string;
  /** False for a file in which a team lets everything stand. */
  readonly wants: (file: string) => boolean;
}

export interface RuleSetOptions {
  /** `high` leaves out the rules that only advise. */
  readonly tier: SecretTier;
  /** Ids with their prefix; all when it is undefined. */
  readonly only?: ReadonlySet<string> | undefined;
}

function describeTeamRule(rule: TeamRule): RuleDescription {
  return {
    id: rule.id,
    title: rule.description.slice(0, 300),
    severity: 'high',
    confidence: 'medium',
    persona: 'regular',
    standards: { cicdSec: ['CICD-SEC-6'], cwe: ['CWE-798'], cis: [] },
    description: `A rule of this repository’s own, “${rule.gitleaksId}” in .gitleaks.toml.`,
    why: 'This repository’s own rule for secrets matches here. Everybody who can read the repository has it.',
    remedy: 'Revoke it where it was issued, and have it handed out run by run, by a policy of Vouchgate.',
    references: [],
    aliases: [`gitleaks/${rule.gitleaksId}`],
  };
}

function allowing(rule: CompiledRule, lists: readonly Allowlist[]): CompiledRule {
  if (lists.length === 0) return rule;
  return {
    ...rule,
    judge: (match) => {
      const tier = rule.judge(match);
      if (tier === undefined) return undefined;
      const question = { file: match.file, value: match.value, match: match.text, line: match.line };
      return lists.some((list) => list.allows(question)) ? undefined : tier;
    },
  };
}

/** Joins the pack and what a team has decided. */
export function buildRuleSet(
  pack: readonly SecretRule[],
  { configs }: Pick<TeamSettings, 'configs'>,
  { tier, only }: RuleSetOptions,
): RuleSet {
  const disabled = new Set(configs.flatMap((config) => [...config.disabled]));
  const everywhere = configs.flatMap(({ allowlists }) => allowlists);
  const listsOf = (ids: readonly string[]) => [
    ...everywhere,
    ...configs.flatMap(({ ruleAllowlists }) => ids.flatMap((id) => ruleAllowlists.get(id) ?? [])),
  ];
  const own = pack.filter(
    (rule) =>
      (tier === 'generic' || rule.tier !== 'generic') &&
      !(rule.gitleaks.length > 0 && rule.gitleaks.every((id) => disabled.has(id))) &&
      only?.has(`${SECRET_RULE_PREFIX}${rule.id}`) !== false,
  );
  const team = new Map<string, TeamRule>();
  for (const rule of configs.flatMap(({ rules }) => rules)) {
    if (!disabled.has(rule.gitleaksId) && !team.has(rule.id) && only?.has(rule.id) !== false)
      team.set(rule.id, rule);
  }
  const byId = new Map(own.map((rule) => [`${SECRET_RULE_PREFIX}${rule.id}`, rule]));
  const gitleaksIds = (id: string) => byId.get(id)?.gitleaks ?? [team.get(id)?.gitleaksId ?? id];
  return {
    compiled: [
      ...own.map((rule) => allowing(compileRule(rule), listsOf(rule.gitleaks))),
      ...[...team.values()]
        .filter(({ fileOnly }) => !fileOnly)
        .map((rule) => allowing(rule, listsOf([rule.gitleaksId]))),
    ],
    slowRules: () =>
      [...team.values()].filter((rule) => rule.isTooSlow()).map(({ gitleaksId }) => gitleaksId),
    fileRules: [...team.values()].filter(({ fileOnly }) => fileOnly),
    describe: (id) => {
      const [rule, teamRule] = [byId.get(id), team.get(id)];
      if (rule !== undefined) return describeRule(rule);
      return teamRule === undefined ? undefined : describeTeamRule(teamRule);
    },
    gitleaksIds,
    namesOf: (id) => [id, ...gitleaksIds(id).flatMap((name) => [name, `gitleaks/${name}`])],
    version: hash('sha256', JSON.stringify(own), 'hex'),
    wants: (file) => !everywhere.some((list) => list.allowsFile(file)),
  };
}
