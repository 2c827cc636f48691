import type { ReportedFinding } from './reported-finding.ts';
import type { RuleDescription } from './rule-description.ts';

/** What can go wrong with a pipeline, in the eight kinds that the overview has. */
export const riskAreas = [
  'misconfiguration',
  'secrets',
  'code-injection',
  'security-testing',
  'third-parties',
  'privilege',
  'monitoring',
  'poisoning',
] as const;
export type RiskArea = (typeof riskAreas)[number];

/** CWE numbers of text that becomes code: a command, an expression, a query, a page. */
export const injections: ReadonlySet<number> = new Set([
  74, 77, 78, 79, 80, 83, 88, 89, 90, 91, 93, 94, 95, 96, 97, 98, 113, 116, 117, 502, 564, 611, 643, 917, 943,
  1236, 1321, 1336, 1427,
]);

/** By the first risk of the OWASP Top 10 CI/CD Security Risks that a rule names. */
export const areasByStandard: Readonly<Record<string, RiskArea>> = {
  'CICD-SEC-1': 'privilege',
  'CICD-SEC-2': 'privilege',
  'CICD-SEC-3': 'third-parties',
  'CICD-SEC-4': 'poisoning',
  'CICD-SEC-5': 'privilege',
  'CICD-SEC-6': 'secrets',
  'CICD-SEC-7': 'misconfiguration',
  'CICD-SEC-8': 'third-parties',
  'CICD-SEC-9': 'poisoning',
  'CICD-SEC-10': 'monitoring',
};

function isInjection(cwe: readonly number[]): boolean {
  return cwe.some((number) => injections.has(number));
}

/** Of one of our rules: what it says itself, else what its standards say. */
export function riskAreaOfRule({
  standards,
  area,
}: Pick<RuleDescription, 'standards' | 'area'>): RiskArea | undefined {
  if (area !== undefined) return area;
  const [first] = standards.cicdSec;
  const cwe = standards.cwe.map((name) => Number(name.slice('CWE-'.length)));
  if (first === 'CICD-SEC-4' && isInjection(cwe)) return 'code-injection';
  return first === undefined ? undefined : areasByStandard[first];
}

/** Our rules under all their names, `vouchgate/unpinned-action` and those that others have for the same. */
export type RuleAreas = ReadonlyMap<string, RiskArea>;

export function ruleAreasOf(rules: readonly RuleDescription[]): RuleAreas {
  const areas = new Map<string, RiskArea>();
  for (const rule of rules) {
    const area = riskAreaOfRule(rule);
    if (area === undefined) continue;
    for (const alias of rule.aliases) areas.set(alias.toLowerCase(), area);
  }
  // Our own names last: no other rule's alias may stand for them.
  for (const rule of rules) {
    const area = riskAreaOfRule(rule);
    if (area !== undefined) areas.set(`vouchgate/${rule.id}`, area);
  }
  return areas;
}

/**
 * Where a finding belongs, or undefined for what is no risk by itself (`quality`). A finding of a pipeline goes where
 * our rule of the same meaning goes; all others go by what they are about.
 */
export function riskAreaOf(
  { tool, ruleId, kind, cwe, aliases }: Pick<ReportedFinding, 'tool' | 'ruleId' | 'kind' | 'cwe' | 'aliases'>,
  rules: RuleAreas,
): RiskArea | undefined {
  for (const name of [`${tool}/${ruleId}`, ...aliases]) {
    const known = rules.get(name.toLowerCase());
    if (known !== undefined) return known;
  }
  if (kind === 'quality') return undefined;
  if (kind === 'secret') return 'secrets';
  if (kind === 'dependency' || kind === 'container' || kind === 'licence') return 'third-parties';
  if (isInjection(cwe)) return 'code-injection';
  // What a test of the product's code found is there because nobody mended it.
  return kind === 'code' || kind === 'web' ? 'security-testing' : 'misconfiguration';
}
