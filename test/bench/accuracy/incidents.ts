import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isAtLeast, type Severity, severities } from '#findings/severity.ts';
import { rules } from '#scan/rules.generated.ts';
import { scanPaths } from '#scan/scan-paths.ts';
import type { BenchReport } from '../report.ts';
import type { LabelledCorpus } from './corpus.ts';

/** The rules that look for what was used. A finding of another rule there is no warning of the incident. */
const WEAKNESSES: Readonly<Record<string, readonly string[]>> = {
  'trivy-apidiff-2026': ['untrusted-checkout'],
  'cline-clinejection-2026': ['agent-open-to-outsiders', 'cache-poisoning'],
  'spotipy-2025': ['untrusted-checkout'],
  'awesome-go-2026': ['untrusted-checkout'],
  'datadog-iac-2026': ['template-injection', 'untrusted-checkout', 'mutable-after-approval'],
  'asyncapi-2025': ['untrusted-checkout'],
  'litestar-2024': ['environment-injection', 'artifact-poisoning'],
  'ultralytics-actions-2024b': ['template-injection'],
  'excalidraw-2022': ['untrusted-checkout', 'mutable-after-approval'],
  'argus-habit-manager': ['template-injection'],
  'argus-wip-action': ['template-injection'],
  // The injection is inside of an action of others; its advisory names it.
  'argus-govmomi': ['template-injection', 'vulnerable-action'],
  'gravy-level': ['template-injection', 'untrusted-checkout', 'artifact-poisoning'],
};

/** The gravest finding of each of those rules, as everybody sees them; undefined where that state is not there. */
function warningsIn(
  folder: string,
  ruleIds: readonly string[],
  asOfMs: number,
): ReadonlyMap<string, Severity> | undefined {
  if (!existsSync(folder)) return undefined;
  const { repositories } = scanPaths([folder], { rules, asOfMs });
  const warnings = new Map<string, Severity>();
  for (const { ruleId, persona, severity } of repositories.flatMap((each) => each.findings)) {
    if (persona !== 'regular' || !ruleIds.includes(ruleId)) continue;
    if (isAtLeast(severity, warnings.get(ruleId) ?? severities[0])) warnings.set(ruleId, severity);
  }
  return warnings;
}

function describe(warnings: ReadonlyMap<string, Severity>, none: string): string {
  return [...warnings].map(([rule, severity]) => `${rule} (${severity})`).join(', ') || none;
}

/** Repositories on the day before they were broken into and after they were mended, by the rules of that day. */
export function judgeIncidents({ folder, incidents }: LabelledCorpus): BenchReport['rows'] {
  const judged = [...Map.groupBy(incidents, ({ id }) => id)].map(([id, entries]) => {
    const asOfMs = Date.parse(entries.find(({ tag }) => tag === 'vulnerable')?.date ?? '2026-01-01');
    const ruleIds = WEAKNESSES[id] ?? [];
    const before = warningsIn(join(folder, '_incidents', id, 'vulnerable'), ruleIds, asOfMs) ?? new Map();
    const after = warningsIn(join(folder, '_incidents', id, 'fixed'), ruleIds, asOfMs);
    return { id, before, after, stops: [...before.values()].some((severity) => isAtLeast(severity, 'high')) };
  });
  const mended = judged.filter(({ after }) => after !== undefined);
  const silent = mended.filter(({ after }) => after?.size === 0);
  return [
    {
      label: 'would have failed the build',
      value: `${judged.filter(({ stops }) => stops).length} of ${judged.length}`,
    },
    { label: 'silent on the mended state', value: `${silent.length} of ${mended.length}` },
    ...judged.map(({ id, before, after }) => ({
      label: id,
      value: `${describe(before, 'MISSED')}${after === undefined ? '' : `; mended: ${describe(after, 'silent')}`}`,
    })),
  ];
}
