import type { RuleDescription } from '#findings/rule-description.ts';
import { SECRET_RULE_PREFIX, type SecretRule } from './rule.ts';

const WHY =
  'Everybody who can read the repository has it, and it stays in the history after the line is gone. Tokens that get public are tried within minutes.';
const WHY_GENERIC =
  'What stands beside it says that it is a secret. Everybody who can read the repository has it, and it stays in the history after the line is gone.';
const GUIDE = 'docs/guides/secrets.md';

function article(what: string): string {
  return /^(?:[aeio]|SSH|API|SAS|npm|X\b)/i.test(what) ? `an ${what}` : `a ${what}`;
}

/** A rule as reports know it. */
export function describeRule(rule: SecretRule): RuleDescription {
  const generic = rule.tier === 'generic';
  const name = article(rule.what);
  return {
    id: `${SECRET_RULE_PREFIX}${rule.id}`,
    title: `${name[0]?.toUpperCase() ?? ''}${name.slice(1)} stands in a file`,
    severity: rule.severity ?? 'high',
    confidence: generic ? 'low' : 'high',
    persona: generic ? 'pedantic' : 'regular',
    standards: { cicdSec: ['CICD-SEC-6'], cwe: ['CWE-798', 'CWE-540'], cis: ['1.5.1'] },
    description: `Looks in every file of the repository, and with --history in every commit, for ${name}.`,
    why: generic ? WHY_GENERIC : WHY,
    remedy: `${rule.revoke} Then live without it: ${rule.instead}`,
    references: [`https://github.com/vouchgate/vouchgate/blob/main/${GUIDE}`],
    aliases: rule.gitleaks.map((id) => `gitleaks/${id}`),
  };
}
