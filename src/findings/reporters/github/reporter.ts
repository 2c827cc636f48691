import type { Finding } from '../../finding.ts';
import type { Severity } from '../../severity.ts';
import { visible } from '../plain-text.ts';
import type { Reporter, ScanReport } from '../reporter.ts';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'notice'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
  info: 'notice',
};

/** What a workflow command takes as it is: a line break would start a command of the scanned file's own. */
function escapeData(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => visible(line).replaceAll('%', '%25'));
  return lines.join('%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function annotate({ ruleId, severity, message, remedy, locations }: Finding): string {
  const [{ file, start, end }] = locations;
  const oneLine = start.line === end.line;
  const properties = [
    `file=${escapeProperty(file)}`,
    `line=${start.line}`,
    `endLine=${end.line}`,
    // The platform takes columns only within one line.
    ...(oneLine ? [`col=${start.column}`, `endColumn=${end.column}`] : []),
    `title=${escapeProperty(ruleId)}`,
  ];
  return `::${LEVELS[severity]} ${properties.join(',')}::${escapeData(`${message}\n${remedy}`)}\n`;
}

function render(report: ScanReport): string {
  const shown = report.findings.filter(({ suppression }) => suppression === undefined);
  const problems = report.problems.map(
    ({ file, line, message }) =>
      `::warning file=${escapeProperty(file)},line=${line}::${escapeData(message)}\n`,
  );
  return [...shown.map(annotate), ...problems].join('');
}

export const reporter: Reporter = {
  format: 'github',
  summary: 'annotations in the log of a GitHub Actions job',
  render,
};
