/** What a tool says about the company, and from when to when it says it (shares of the played time). */
export interface ReportedFlaw {
  readonly rule: string;
  readonly title: string;
  readonly severity: 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW';
  /** A file, or a page. */
  readonly place: string;
  readonly line: number;
  /** Package and version, CWE, or resource: what this kind of tool adds. */
  readonly detail: string;
  readonly from: number;
  readonly until: number;
}

/** Never mended in the played time. */
export const STILL_THERE = 2;

/** A line of the tables: `rule | title | severity | place | line | detail | from | until`. */
export function readFlaws(table: string): readonly ReportedFlaw[] {
  return table
    .trim()
    .split('\n')
    .map((row) => {
      const [
        rule = '',
        title = '',
        severity = '',
        place = '',
        line = '',
        detail = '',
        from = '',
        until = '',
      ] = row.split('|').map((cell) => cell.trim());
      const end = until === '' ? STILL_THERE : Number(until);
      return {
        rule,
        title,
        severity: severityOf(severity),
        place,
        line: Number(line),
        detail,
        from: Number(from),
        until: end,
      };
    });
}

function severityOf(text: string): ReportedFlaw['severity'] {
  if (text === 'CRITICAL' || text === 'HIGH' || text === 'MEDIUM') return text;
  return 'LOW';
}
