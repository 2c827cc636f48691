import { cweNumbers, type FindingDraft } from '../../build-reported-finding.ts';
import { cell, csvColumns, readCsv } from '../../csv.ts';
import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, textAt, valueAt } from '../../json-fields.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';

interface Test {
  readonly id: string | undefined;
  readonly host: string | undefined;
  readonly port: string | undefined;
  readonly severity: string | undefined;
  readonly finding: string | undefined;
  readonly cve: string | undefined;
  readonly cwe: string | undefined;
}

/** "OK: Good; INFO: neutral; WARN, FATAL: the test or the scan failed" (testssl.sh's manual, "Severity"). */
const SCAN_PROBLEMS = new Set(['WARN', 'FATAL']);

/** The grade sums up what the other tests found; it is no flaw of its own. */
const RATING =
  /^(?:rating_(?:spec|doc)|\w{1,40}_score(?:_weighted)?|overall_grade|grade_cap_reason_\d{1,3})$/;

function testDraft({ id, host, port, severity, finding, cve, cwe }: Test): FindingDraft {
  return {
    tool: 'testssl',
    ruleId: id,
    kind: 'web',
    title: `${id ?? 'TLS'}: ${finding ?? ''}`,
    severity: severityOfWord(severity) ?? 'info',
    severityText: severity,
    cwe: cweNumbers([cwe]),
    aliases: advisoryNames([cve]),
    place: { host: host === undefined || port === undefined ? host : `${host}:${port}` },
  };
}

function addTests(tests: readonly Test[], reading: ReportReading): void {
  for (const test of tests) {
    const { id = 'test', finding } = test;
    const severity = test.severity?.toUpperCase() ?? '';
    if (SCAN_PROBLEMS.has(severity)) reading.warn(id, finding ?? 'this test failed');
    else if (severity !== 'OK' && severity !== 'DEBUG' && !RATING.test(id.slice(0, 100)))
      reading.add(testDraft(test));
  }
}

/** `shop.acme.example/192.0.2.10` names the host and its address. */
function hostOf(name: string | undefined): string | undefined {
  return name?.split('/', 1)[0];
}

function testOfJson(item: JsonObject, target?: unknown): Test {
  return {
    id: textAt(item, 'id'),
    host: hostOf(textAt(item, 'ip') ?? textAt(target, 'targetHost')),
    port: textAt(item, 'port') ?? textAt(target, 'port'),
    severity: textAt(item, 'severity'),
    finding: textAt(item, 'finding'),
    cve: textAt(item, 'cve'),
    cwe: textAt(item, 'cwe'),
  };
}

/** The pretty JSON groups the tests of a target in sections; the others are lists of tests. */
function testsOfJson(json: unknown): readonly Test[] {
  if (Array.isArray(json)) return json.filter(isObject).map((item) => testOfJson(item));
  return listAt(json, 'scanResult').flatMap((target) =>
    Object.values(isObject(target) ? target : {}).flatMap((tests) =>
      Array.isArray(tests) ? tests.filter(isObject).map((test) => testOfJson(test, target)) : [],
    ),
  );
}

function testsOfTable(text: string): readonly Test[] {
  return readCsv(text).rows.map((row) => ({
    id: cell(row, 'id'),
    host: hostOf(cell(row, 'fqdn/ip')),
    port: cell(row, 'port'),
    severity: cell(row, 'severity'),
    finding: cell(row, 'finding'),
    cve: cell(row, 'cve'),
    cwe: cell(row, 'cwe'),
  }));
}

function isFlat(value: unknown): boolean {
  return isObject(value) && ['id', 'ip', 'port', 'severity', 'finding'].every((key) => key in value);
}

export const importer = defineImporter({
  id: 'testssl',
  title: 'testssl.sh',
  formats: ['CSV of `--csvfile`', 'JSON of `--jsonfile` and `--jsonfile-pretty`'],
  kinds: ['web'],
  documentation: 'https://testssl.sh/doc/testssl.1.html',

  recognise(content) {
    if (content.shape === 'text') {
      const columns = csvColumns(content);
      return columns.includes('fqdn/ip') && columns.includes('finding') && columns.includes('severity')
        ? 2
        : 0;
    }
    if (content.shape !== 'json') return 0;
    if (Array.isArray(content.json)) return isFlat(content.json[0]) ? 2 : 0;
    return Array.isArray(valueAt(content.json, 'scanResult')) &&
      valueAt(content.json, 'Invocation') !== undefined
      ? 2
      : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    addTests(content.shape === 'text' ? testsOfTable(content.text) : testsOfJson(content.json), reading);
    return reading.finish({ tool: 'testssl', toolVersion: textAt(content.json, 'version') });
  },
});
