import type { ImportedReport } from '../importer.ts';
import type { ReportedFinding } from '../reported-finding.ts';

/** A finding of a tool that is called `sample`, in line 10 of `src/a.ts`. */
export function sampleReported(changes: Partial<ReportedFinding> = {}): ReportedFinding {
  return {
    tool: 'sample',
    ruleId: 'no-eval',
    kind: 'code',
    title: 'eval runs text',
    description: 'Whoever writes the text runs code.',
    severity: 'high',
    cwe: [95],
    aliases: [],
    place: { file: 'src/a.ts', line: 10 },
    otherPlaces: [],
    snippet: 'eval(text)',
    references: [],
    attributes: {},
    ...changes,
  };
}

export function sampleImport(
  findings: readonly ReportedFinding[],
  changes: Partial<ImportedReport> = {},
): ImportedReport {
  return { tool: 'sample', findings, warnings: [], ...changes };
}
