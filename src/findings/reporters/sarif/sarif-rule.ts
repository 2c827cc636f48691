import type { RuleDescription } from '../../rule-description.ts';
import { securitySeverities } from '../../severity.ts';
import { sarifLevels } from './sarif-result.ts';

export const CICD_SEC = 'OWASP Top 10 CI/CD Security Risks';
export const CWE = 'CWE';

function helpOf({ description, why, remedy, references, incident }: RuleDescription): string {
  return [
    description,
    `**Why:** ${why}`,
    `**Instead:** ${remedy}`,
    ...(incident === undefined
      ? []
      : [`**It happened:** ${incident.name}, ${incident.date}. ${incident.what}`]),
    references.map((reference) => `- ${reference}`).join('\n'),
  ].join('\n\n');
}

/** §3.49: what a viewer shows beside each result. */
export function toSarifRule(rule: RuleDescription): object {
  const taxa = [
    ...rule.standards.cicdSec.map((id) => ({ id, toolComponent: { name: CICD_SEC } })),
    ...rule.standards.cwe.map((id) => ({ id, toolComponent: { name: CWE } })),
  ];
  const [reference] = rule.references;
  return {
    id: rule.id,
    name: rule.id.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.description },
    help: { text: `${rule.why} ${rule.remedy}`, markdown: helpOf(rule) },
    ...(reference === undefined ? {} : { helpUri: reference }),
    defaultConfiguration: { level: sarifLevels[rule.severity] },
    relationships: taxa.map((target) => ({ target, kinds: ['relevant'] })),
    properties: {
      'security-severity': securitySeverities[rule.severity],
      precision: { high: 'very-high', medium: 'high', low: 'medium' }[rule.confidence],
      tags: ['security', ...rule.standards.cwe.map((id) => `external/cwe/${id.toLowerCase()}`)],
    },
  };
}

/** §3.14.8: the lists of risks that rules refer to. */
export function toTaxonomies(rules: readonly RuleDescription[]): object[] {
  const idsOf = (pick: (rule: RuleDescription) => readonly string[]) =>
    [...new Set(rules.flatMap(pick))].sort().map((id) => ({ id }));
  return [
    { name: CICD_SEC, organization: 'OWASP', taxa: idsOf(({ standards }) => standards.cicdSec) },
    { name: CWE, organization: 'MITRE', taxa: idsOf(({ standards }) => standards.cwe) },
  ];
}
