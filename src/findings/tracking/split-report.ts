import type { ImportedReport } from '../importer.ts';
import type { FindingKind, ReportedFinding } from '../reported-finding.ts';
import { groupBy } from './match-findings.ts';
import { scopeOf, type ReportTarget } from './scope.ts';
import type { FindingScope } from './tracked-finding.ts';

/**
 * Tools that are several: each of their reports is about one kind of test, so that the report of one must not close
 * what another found.
 */
const ONE_KIND_A_REPORT: ReadonlySet<string> = new Set([
  'snyk',
  'gitlab',
  'github',
  'veracode',
  'checkmarx',
  'checkmarx-one',
  'mend',
  'blackduck',
  'sonatype',
  'jfrog-xray',
]);

export interface SplitRequest extends ReportTarget {
  readonly repository: string;
  readonly report: ImportedReport;
  /** What reports of this format can be about; only of use where the report found nothing. */
  readonly kinds?: readonly FindingKind[];
}

export interface ReportPart {
  readonly scope: FindingScope;
  readonly findings: readonly ReportedFinding[];
}

/** The scopes that a report speaks about, and what it could not say. */
export interface SplitReport {
  readonly parts: readonly ReportPart[];
  readonly notes: readonly string[];
}

/** The part of the tool's work, where nobody named one. */
function partsOf(tool: string, findings: readonly ReportedFinding[], { part, kinds = [] }: SplitRequest) {
  if (part !== undefined || !ONE_KIND_A_REPORT.has(tool)) return [{ part, findings }];
  const byKind = groupBy(findings, ({ kind }) => kind);
  const [only, ...others] = kinds;
  if (findings.length === 0 && only !== undefined && others.length === 0) byKind.set(only, []);
  return [...byKind].map(([kind, group]) => ({ part: kind, findings: group }));
}

/** A report may speak for several tools; the one that made it is among them even when it found nothing. */
export function splitReport(request: SplitRequest): SplitReport {
  const { report, repository, branch, image = report.target?.image } = request;
  const byTool = groupBy(report.findings, ({ tool }) => tool);
  if (!byTool.has(report.tool)) byTool.set(report.tool, []);
  const notes: string[] = [];
  const parts = [...byTool].flatMap(([tool, all]) => {
    const found = partsOf(tool, all, request);
    if (found.length === 0) {
      notes.push(
        `${tool} found nothing and does not say what it looked for: nothing was closed; name the part`,
      );
    }
    return found.map(({ part, findings }) => {
      const target = {
        ...(branch !== undefined && { branch }),
        ...(part !== undefined && { part }),
        ...(image !== undefined && { image }),
      };
      return { scope: scopeOf(repository, tool, target), findings };
    });
  });
  return { parts, notes };
}
