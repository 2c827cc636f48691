import type { FindingKind } from '../reported-finding.ts';
import { kindOfTool } from '../tool-family.ts';
import type { SarifRule } from './sarif-rule.ts';

/** Kinds that tools write into a rule's name or tags: Trivy's `OsPackageVulnerability`, Semgrep's `secrets`. */
function kindOfWords({ tags, title, raw }: SarifRule): FindingKind | undefined {
  const name = typeof raw?.['name'] === 'string' ? raw['name'] : title;
  for (const word of [name, ...tags].map((each) => each?.toLowerCase())) {
    if (word === 'secret' || word === 'secrets') return 'secret';
    if (word === 'misconfiguration' || word === 'iac' || word === 'infrastructure-as-code')
      return 'infrastructure';
    if (word === 'ospackagevulnerability') return 'container';
    if (word === 'languagespecificpackagevulnerability' || word === 'vulnerable-dependency')
      return 'dependency';
    if (word === 'license' || word === 'licence') return 'licence';
  }
  return undefined;
}

/** Rules whose place shows a credential: what they point at must not be kept. */
export function showsSecret(ruleId: string | undefined, { cwe, tags, title }: SarifRule): boolean {
  // CWE-259, 312, 321, 522, 798: passwords and keys in the open.
  if (cwe.some((number) => [259, 312, 321, 522, 798].includes(number))) return true;
  const words = [ruleId, title, ...tags].join(' ').slice(0, 1_000);
  return /secret|passw|credential|api.?key|private.?key|access.?key|token/i.test(words);
}

export function kindOfResult(tool: string, ruleId: string | undefined, rule: SarifRule): FindingKind {
  if (ruleId !== undefined && /^CKV_SECRET_/i.test(ruleId)) return 'secret';
  const words = kindOfWords(rule);
  if (words !== undefined) return words;
  const known = kindOfTool(tool, ruleId);
  if (known !== undefined) return known;
  return ruleId !== undefined && /^(?:CVE-\d|GHSA-|SNYK-[A-Z0-9]+-)/i.test(ruleId) ? 'dependency' : 'code';
}
