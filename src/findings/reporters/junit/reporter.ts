import type { Finding, ScanProblem } from '../../finding.ts';
import { escapeMarkup } from '../markup.ts';
import type { Reporter, ReportOptions, ScanReport } from '../reporter.ts';

/** A test suite: one rule with a case for each finding, or the files with a case for each that was not read. */
interface Suite {
  readonly name: string;
  readonly cases: readonly string[];
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeMarkup(String(value))}"`)
    .join('');
}

function failureOf({ message, explanation, remedy, severity, locations, path = [] }: Finding): string {
  const [{ file, start }] = locations;
  const hops = path.map(({ label, location }) => `-> ${label} (${location.file}:${location.start.line})`);
  const lines = [`${file}:${start.line}:${start.column}`, message, ...hops, explanation, remedy];
  return `<failure${attributes({ message, type: severity })}>${lines.map(escapeMarkup).join('\n')}</failure>`;
}

/** The fingerprint tells findings at one place apart: viewers merge cases of one name. */
function caseOf(finding: Finding): string {
  const { ruleId, locations, suppression, fingerprint } = finding;
  const [{ file, start }] = locations;
  const name = `${file}:${start.line}:${start.column} ${fingerprint}`;
  const body =
    suppression === undefined
      ? failureOf(finding)
      : `<skipped${attributes({ message: `${suppression.kind}: ${suppression.justification ?? 'no reason given'}` })}/>`;
  return `<testcase${attributes({ classname: ruleId, name, file, line: start.line })}>${body}</testcase>`;
}

function suiteOf(name: string, findings: readonly Finding[]): Suite {
  const skipped = findings.filter(({ suppression }) => suppression !== undefined).length;
  // A rule that found nothing passed; without a case nobody would see that it ran.
  const cases =
    findings.length === 0
      ? [`<testcase${attributes({ classname: name, name: 'found nothing' })}/>`]
      : findings.map(caseOf);
  return { name, cases, failures: findings.length - skipped, errors: 0, skipped };
}

function problemCase({ file, line, column, message, partial }: ScanProblem): string {
  const type = partial ? 'read in part' : 'not read';
  const name = `${file}:${line}:${column} ${type}`;
  return `<testcase${attributes({ classname: 'unreadable', name, file, line })}><error${attributes({ message, type })}/></testcase>`;
}

function suitesOf({ rules, findings, problems }: ScanReport): Suite[] {
  const byRule = Map.groupBy(findings, ({ ruleId }) => ruleId);
  const names = [...new Set([...rules.map(({ id }) => id), ...byRule.keys()])];
  const suites = names.map((name) => suiteOf(name, byRule.get(name) ?? []));
  if (problems.length === 0) return suites;
  const cases = problems.map(problemCase);
  return [...suites, { name: 'unreadable', cases, failures: 0, errors: cases.length, skipped: 0 }];
}

function renderSuite({ name, cases, failures, errors, skipped }: Suite, timestamp: string): string {
  const counts = { tests: cases.length, failures, errors, skipped };
  const body = cases.map((each) => `    ${each}\n`).join('');
  return `  <testsuite${attributes({ name, ...counts, timestamp })}>\n${body}  </testsuite>\n`;
}

function render(report: ScanReport, { timeMs }: ReportOptions): string {
  const suites = suitesOf(report);
  const total = (count: (suite: Suite) => number) => suites.reduce((sum, suite) => sum + count(suite), 0);
  const counts = {
    tests: total(({ cases }) => cases.length),
    failures: total(({ failures }) => failures),
    errors: total(({ errors }) => errors),
    skipped: total(({ skipped }) => skipped),
  };
  // Readers of this format take a time without a zone, and mean UTC.
  const timestamp = new Date(timeMs).toISOString().slice(0, 19);
  const body = suites.map((suite) => renderSuite(suite, timestamp)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name: 'vouchgate scan', ...counts })}>\n${body}</testsuites>\n`;
}

export const reporter: Reporter = {
  format: 'junit',
  summary: 'JUnit XML: a suite for each rule, for the test view of any CI system',
  render,
};
