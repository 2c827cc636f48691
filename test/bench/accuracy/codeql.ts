import path from 'node:path';
import type { Finding } from '#findings/finding.ts';
import { rules } from '#scan/rules.generated.ts';
import { scanPaths } from '#scan/scan-paths.ts';
import type { BenchReport } from '../report.ts';
import { type CodeqlLabel, isAtLine, type LabelledCorpus, percentage } from './corpus.ts';

/** Its tests are older than the change of the platform that takes many of them their sting. */
const AS_OF_MS = Date.parse('2026-01-01');

/** Its queries, without the severity at their end, and the rules of ours that look for the same. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  CodeInjection: ['template-injection'],
  UntrustedCheckout: ['untrusted-checkout'],
  UntrustedCheckoutTOCTOU: ['mutable-after-approval', 'untrusted-checkout'],
  EnvVarInjection: aliased('codeql/actions/envvar-injection/critical'),
  EnvPathInjection: aliased('codeql/actions/envpath-injection/critical'),
  OutputClobbering: aliased('codeql/actions/output-clobbering/high'),
  ArgumentInjection: aliased('codeql/actions/argument-injection/critical'),
  ArtifactPoisoning: ['artifact-poisoning'],
  CachePoisoningViaDirectCache: ['cache-poisoning'],
  CachePoisoningViaPoisonableStep: ['cache-poisoning'],
  UnpinnedActionsTag: ['unpinned-action'],
  UseOfKnownVulnerableAction: ['vulnerable-action', 'compromised-action'],
  CodeExecutionOnSelfHostedRunner: ['self-hosted-runner'],
  ExpressionIsAlwaysTrue: ['condition-always-true'],
  MissingActionsPermissions: ['excessive-permissions'],
  ExcessiveSecretsExposure: aliased('codeql/actions/excessive-secrets-exposure'),
  UnmaskedSecretExposure: aliased('codeql/actions/unmasked-secret-exposure'),
};

function aliased(name: string): string[] {
  return rules.filter(({ aliases }) => aliases.includes(name)).map(({ id }) => id);
}

function familyOf(query: string): string {
  return query.replace(/(?:Critical|High|Medium)$/, '');
}

interface Judged {
  readonly label: CodeqlLabel;
  readonly file: string;
  readonly findings: readonly Finding[];
}

function judge({ folder, codeql }: LabelledCorpus): Judged[] {
  const roots = codeql.map(({ file }) => path.join(folder, file.replace(/\.github\/.*$/, '')));
  const scanned = scanPaths([...new Set(roots)], { rules, asOfMs: AS_OF_MS });
  const byPath = new Map(
    scanned.repositories.flatMap(({ root, findings }) =>
      [...Map.groupBy(findings, (finding) => finding.locations[0].file)].map(
        ([file, own]) => [path.join(root, file), { file, own }] as const,
      ),
    ),
  );
  return codeql.map((label) => {
    const found = byPath.get(path.join(folder, label.file));
    return { label, file: found?.file ?? '', findings: found?.own ?? [] };
  });
}

function rowOf(
  family: string,
  ruleIds: readonly string[],
  judged: readonly Judged[],
): BenchReport['rows'][number] {
  let [all, atLine, inFile, ours, shared] = [0, 0, 0, 0, 0];
  for (const { label, file, findings } of judged) {
    const own = findings.filter(({ ruleId }) => ruleIds.includes(ruleId));
    const theirs = label.findings.filter(({ query }) => familyOf(query) === family);
    for (const { line, end_line: last } of theirs) {
      all += 1;
      inFile += own.length > 0 ? 1 : 0;
      atLine += own.some((finding) => isAtLine(finding, file, line, Math.max(line, last ?? line))) ? 1 : 0;
    }
    const shown = own.filter(({ persona }) => persona === 'regular').length;
    ours += shown;
    shared += theirs.length > 0 ? shown : 0;
  }
  const value = `found ${percentage(atLine, all)}, in the same file ${inFile}; ours it knows ${percentage(shared, ours)}`;
  return { label: family, value: ruleIds.length === 0 ? `no rule for ${all}` : value };
}

/** Recall by line and by file, and how many of our findings are in files where CodeQL has that kind, too. */
export function compareWithCodeql(corpus: LabelledCorpus): BenchReport['rows'] {
  const judged = judge(corpus);
  const known = Object.entries(FAMILIES).map(([family, ids]) => rowOf(family, ids, judged));
  const others = judged
    .flatMap(({ label }) => label.findings.map(({ query }) => familyOf(query)))
    .filter((family) => !Object.hasOwn(FAMILIES, family));
  return [...known, { label: 'not compared', value: [...new Set(others)].join(', ') || 'nothing' }];
}
