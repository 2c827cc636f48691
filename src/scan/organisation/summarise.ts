import { isAtLeast, type Severity, severities } from '#findings/severity.ts';
import type { OrganisationFinding } from './organisation-finding.ts';
import type { FindingLine, OrganisationRecord } from './record.ts';
import type { OrganisationScan } from './scan-organisation.ts';

type Counts = Readonly<Partial<Record<Severity, number>>>;

/** What a scan of many repositories comes to; the same for the same repositories, on every machine. */
export interface OrganisationSummary {
  readonly version: 1;
  /** `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly repositories: Readonly<Record<'all' | OrganisationRecord['outcome'], number>>;
  readonly files: number;
  readonly bySeverity: Counts;
  readonly suppressed: number;
  readonly byRule: readonly {
    readonly rule: string;
    readonly findings: number;
    readonly repositories: number;
  }[];
  readonly byOwner: readonly {
    readonly owner: string;
    readonly findings: number;
    readonly repositories: number;
  }[];
  readonly worst: readonly {
    readonly name: string;
    readonly bySeverity: Counts;
    readonly findings: readonly FindingLine[];
  }[];
  readonly acrossRepositories: readonly OrganisationFinding[];
  readonly acrossRepositoriesLeft: number;
  readonly notLookedAt: readonly { readonly name: string; readonly reasons: readonly string[] }[];
  /** What the files do not say, and nobody was asked. */
  readonly unknown: readonly string[];
}

const WORST_MAX = 25;
const ROWS_MAX = 50;

function addCounts(total: Partial<Record<Severity, number>>, counts: Counts): void {
  for (const severity of severities) {
    const count = counts[severity] ?? 0;
    if (count > 0) total[severity] = (total[severity] ?? 0) + count;
  }
}

function compareWorst(left: OrganisationRecord, right: OrganisationRecord): number {
  for (const severity of severities.toReversed()) {
    const difference = (right.bySeverity[severity] ?? 0) - (left.bySeverity[severity] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.name < right.name ? -1 : 1;
}

interface Row {
  readonly key: string;
  findings: number;
  repositories: number;
}

function rank(
  records: readonly OrganisationRecord[],
  countsOf: (record: OrganisationRecord) => Readonly<Record<string, number>>,
): Row[] {
  const rows = new Map<string, Row>();
  for (const record of records) {
    for (const [key, count] of Object.entries(countsOf(record))) {
      const row = rows.get(key) ?? { key, findings: 0, repositories: 0 };
      row.findings += count;
      row.repositories += 1;
      rows.set(key, row);
    }
  }
  return [...rows.values()]
    .toSorted((a, b) => b.findings - a.findings || (a.key < b.key ? -1 : 1))
    .slice(0, ROWS_MAX);
}

/** Puts the records of all repositories together. */
export function summarise(
  scan: OrganisationScan,
  asOfMs: number,
  unknown: readonly string[],
): OrganisationSummary {
  const { records, shared } = scan;
  const bySeverity: Partial<Record<Severity, number>> = {};
  const repositories = { all: records.length, scanned: 0, empty: 0, failed: 0 };
  for (const record of records) {
    addCounts(bySeverity, record.bySeverity);
    repositories[record.outcome] += 1;
  }
  const worst = records
    .filter(({ worst: lines }) => lines.length > 0)
    .toSorted(compareWorst)
    .slice(0, WORST_MAX);
  return {
    version: 1,
    asOf: new Date(asOfMs).toISOString().slice(0, 10),
    repositories,
    files: records.reduce((sum, { files }) => sum + files, 0),
    bySeverity,
    suppressed: records.reduce((sum, { suppressed }) => sum + suppressed, 0),
    byRule: rank(records, ({ byRule }) => byRule).map(({ key, ...row }) => ({ rule: key, ...row })),
    byOwner: rank(records, ({ byOwner }) => byOwner).map(({ key, ...row }) => ({ owner: key, ...row })),
    worst: worst.map(({ name, bySeverity: counts, worst: findings }) => ({
      name,
      bySeverity: counts,
      findings,
    })),
    acrossRepositories: shared.findings,
    acrossRepositoriesLeft: shared.left,
    notLookedAt: records
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ name, reasons }) => ({ name, reasons })),
    unknown,
  };
}

/** True when something stands that is at least so bad, or something was not looked at. */
export function isNegative(summary: OrganisationSummary, failOn: Severity): boolean {
  const found = severities.some(
    (severity) => isAtLeast(severity, failOn) && (summary.bySeverity[severity] ?? 0) > 0,
  );
  const across = summary.acrossRepositories.some(({ severity }) => isAtLeast(severity, failOn));
  return found || across || summary.repositories.failed > 0;
}
