import { hash } from 'node:crypto';
import type { Finding, ScanProblem } from '../../finding.ts';
import type { Severity } from '../../severity.ts';
import { toJson, visible } from '../plain-text.ts';
import type { Reporter, ScanReport } from '../reporter.ts';

/** The words of GitLab's Code Quality report, which are those of Code Climate. */
type Level = 'info' | 'minor' | 'major' | 'critical' | 'blocker';

/** One entry of the report; the platform ignores an entry in which one of these is missing. */
interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: Level;
  readonly location: {
    readonly path: string;
    readonly lines: { readonly begin: number; readonly end: number };
  };
}

const LEVELS: Readonly<Record<Severity, Level>> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  info: 'info',
};

/** Relative to the repository, without `./`: the widget finds no other path in the diff. */
function pathOf(file: string): string {
  return visible(file.replace(/^(?:\.\/)+/, ''));
}

function toIssue({ ruleId, severity, message, remedy, locations, fingerprint }: Finding): Issue {
  const [{ file, start, end }] = locations;
  return {
    description: visible(`${message}. ${remedy}`),
    check_name: ruleId,
    fingerprint,
    severity: LEVELS[severity],
    location: { path: pathOf(file), lines: { begin: start.line, end: end.line } },
  };
}

/** What was not read is an entry of its own: in a merge request silence passes for safety. */
function toProblemIssue({ file, line, message, partial }: ScanProblem): Issue {
  const parts = JSON.stringify([file, message]);
  return {
    description: visible(`${partial ? 'read in part' : 'not read'}: ${message}`),
    check_name: 'unreadable',
    fingerprint: `problem:${hash('sha256', parts, 'hex').slice(0, 32)}`,
    severity: partial ? 'minor' : 'critical',
    location: { path: pathOf(file), lines: { begin: line, end: line } },
  };
}

/** Repositories that are scanned together can have the same finding at the same place, each in its own file. */
function createNumbering(): (issue: Issue) => Issue {
  const seen = new Map<string, number>();
  return (issue) => {
    const occurrence = seen.get(issue.fingerprint) ?? 0;
    seen.set(issue.fingerprint, occurrence + 1);
    return occurrence === 0 ? issue : { ...issue, fingerprint: `${issue.fingerprint}-${occurrence}` };
  };
}

function render({ findings, problems }: ScanReport): string {
  const shown = findings.filter(({ suppression }) => suppression === undefined);
  const unread = problems.map(toProblemIssue);
  return toJson([...shown.map(toIssue), ...unread].map(createNumbering()));
}

export const reporter: Reporter = {
  format: 'gitlab',
  summary: 'a Code Quality report for GitLab merge requests',
  render,
};
