import path from 'node:path';
import type { Finding } from '#findings/finding.ts';
import { rules } from '#scan/rules.generated.ts';
import { scanPaths } from '#scan/scan-paths.ts';
import type { BenchReport } from '../report.ts';
import { isJudgedRight } from './codeql-judged.ts';
import { type CodeqlLabel, isAtLine, type LabelledCorpus, percentage } from './corpus.ts';

/** Its tests are older than the change of the platform that takes many of them their sting. */
const AS_OF_MS = Date.parse('2026-01-01');

/** Its queries, without the severity at their end, and the rules of ours that look for the same. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  CodeInjection: ['template-injection'],
  UntrustedCheckout: ['untrusted-checkout'],
  UntrustedCheckoutTOCTOU: ['mutable-after-approval'],
  EnvVarInjection: aliased('codeql/actions/envvar-injection/critical'),
  EnvPathInjection: aliased('codeql/actions/envpath-injection/critical'),
  OutputClobbering: aliased('codeql/actions/output-clobbering/high'),
  ArgumentInjection: aliased('codeql/actions/argument-injection/critical'),
  ArtifactPoisoning: ['artifact-poisoning'],
  // Two queries, and one rule that says in which of the two ways.
  CachePoisoning: ['cache-poisoning'],
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
  return query.replace(/(?:Critical|High|Medium)$|Via(?:DirectCache|PoisonableStep)$/, '');
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

/** The folder of tests that a file stands in: one query's, as a rule. */
function folderOf({ label }: Judged): string {
  return label.file.replace(/\.github\/.*$/, '');
}

interface FileFigures {
  labelled: number;
  found: number;
  shown: number;
  unlabelled: number;
  judgedRight: number;
}

/** Files with the label and ours; for the other way only folders where CodeQL ran the query say anything. */
function countFiles(family: string, ruleIds: readonly string[], judged: readonly Judged[]): FileFigures {
  const has = ({ label }: Judged) => label.findings.some(({ query }) => familyOf(query) === family);
  const ran = new Set(judged.filter(has).map(folderOf));
  const figures: FileFigures = { labelled: 0, found: 0, shown: 0, unlabelled: 0, judgedRight: 0 };
  for (const each of judged) {
    const own = each.findings.filter(({ ruleId }) => ruleIds.includes(ruleId));
    const shown = own.some(({ persona }) => persona === 'regular');
    if (has(each)) {
      figures.labelled += 1;
      // What auditors are shown names whole classes of places, and would count for anything.
      figures.found += own.some(({ persona }) => persona !== 'auditor') ? 1 : 0;
      figures.shown += shown ? 1 : 0;
    } else if (shown && ran.has(folderOf(each))) {
      figures[isJudgedRight(family, each.label.file) ? 'judgedRight' : 'unlabelled'] += 1;
    }
  }
  return figures;
}

function describeFiles({ labelled, found, shown, unlabelled, judgedRight }: FileFigures): string {
  const right = shown + judgedRight;
  const extra = judgedRight === 0 ? '' : `, ${judgedRight} of them judged`;
  return `files: recall ${percentage(found, labelled)}, for everybody ${percentage(shown, labelled)}; precision ${percentage(right, right + unlabelled)}${extra}`;
}

function rowOf(
  family: string,
  ruleIds: readonly string[],
  judged: readonly Judged[],
): BenchReport['rows'][number] {
  let [all, atLine] = [0, 0];
  for (const { label, file, findings } of judged) {
    const own = findings.filter(({ ruleId }) => ruleIds.includes(ruleId));
    const theirs = label.findings.filter(({ query }) => familyOf(query) === family);
    for (const { line, end_line: last } of theirs) {
      all += 1;
      atLine += own.some((finding) => isAtLine(finding, file, line, Math.max(line, last ?? line))) ? 1 : 0;
    }
  }
  const files = describeFiles(countFiles(family, ruleIds, judged));
  const value = `${files}; lines ${percentage(atLine, all)}`;
  return { label: family, value: ruleIds.length === 0 ? `no rule for ${all}` : value };
}

/**
 * Recall by file (without what only auditors see, and what everybody sees) and by line; precision by file of what everybody sees, in
 * folders whose tests CodeQL ran that query on.
 */
export function compareWithCodeql(corpus: LabelledCorpus): BenchReport['rows'] {
  const judged = judge(corpus);
  const known = Object.entries(FAMILIES).map(([family, ids]) => rowOf(family, ids, judged));
  const others = judged
    .flatMap(({ label }) => label.findings.map(({ query }) => familyOf(query)))
    .filter((family) => !Object.hasOwn(FAMILIES, family));
  return [...known, { label: 'not compared', value: [...new Set(others)].join(', ') || 'nothing' }];
}
