import type { FindingDraft } from '../../build-reported-finding.ts';
import {
  firstText,
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  positionAt,
  textAt,
  textsAt,
  timeAt,
} from '../../json-fields.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { cvssOf } from '../../report-cvss.ts';
import type { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';
import { decisionOfState, fileOf, isConfirmed, placeOfNode } from './read-result.ts';

/** What every engine says of a vulnerability in the same fields. */
function common(vulnerability: JsonObject) {
  const severityText = textAt(vulnerability, 'severity');
  const state = textAt(vulnerability, 'state');
  return {
    tool: 'checkmarx',
    severity: severityOfWord(severityText) ?? ('medium' as const),
    severityText,
    verified: isConfirmed(state),
    decision: decisionOfState(state, textAt(vulnerability, 'status')),
    foundAtMs: timeAt(vulnerability, 'firstFoundDate') ?? timeAt(vulnerability, 'firstDetectionDate'),
    references: textsAt(vulnerability, 'resultViewerLink'),
  };
}

function codeDraft(vulnerability: JsonObject, query: JsonObject): FindingDraft {
  const nodes = listAt(vulnerability, 'nodes');
  const name = textAt(query, 'queryName');
  const cwe = numberAt(vulnerability, 'cweId') ?? numberAt(query, 'cweId');
  const similarity = textAt(vulnerability, 'similarityId');
  const own = { file: fileOf(firstText(vulnerability, ['destinationFileName', 'sourceFileName'])) };
  return {
    ...common(vulnerability),
    ruleId: name,
    kind: 'code',
    title: name?.replaceAll('_', ' '),
    description: textAt(query, 'description'),
    cwe: cwe === undefined ? [] : [cwe],
    place: nodes.length > 0 ? placeOfNode(nodes.at(-1)) : own,
    otherPlaces: nodes.slice(0, -1).map(placeOfNode),
    toolFingerprint: similarity === undefined ? undefined : `${name ?? ''}:${similarity}`,
    attributes: {
      engine: 'sast',
      group: textAt(vulnerability, 'groupName'),
      state: textAt(vulnerability, 'state'),
    },
  };
}

function infrastructureDraft(result: JsonObject, query: JsonObject): FindingDraft {
  const name = textAt(query, 'queryName');
  return {
    ...common(result),
    ruleId: name,
    kind: 'infrastructure',
    title: name,
    description: [textAt(query, 'description'), textAt(result, 'actualValue')]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    place: { file: fileOf(textAt(result, 'fileName')), line: positionAt(result, 'line') },
    remedy: textAt(result, 'expectedValue'),
    attributes: { engine: 'kics', category: textAt(query, 'category') },
  };
}

function packageDraft(vulnerability: JsonObject, about: JsonObject): FindingDraft {
  const id = firstText(vulnerability, ['cveName', 'cve', 'id']);
  const name = firstText(about, ['packageName', 'name']);
  const version = firstText(about, ['packageVersion', 'version']);
  return {
    ...common(vulnerability),
    ruleId: id,
    kind: 'dependency',
    title: name === undefined ? id : `${id ?? 'vulnerability'} in ${name}`,
    description: textAt(vulnerability, 'description'),
    cvss: cvssOf(numberAt(vulnerability, 'cvssScore')),
    aliases: advisoryNames([id]),
    place: { package: name === undefined ? undefined : { name, version } },
    attributes: { engine: 'sca' },
  };
}

function readQueries(
  queries: readonly unknown[],
  at: string,
  key: string,
  reading: ReportReading,
  draft: typeof codeDraft,
): void {
  reading.each(queries, at, (query, queryAt) =>
    reading.each(listAt(query, key), `${queryAt}.${key}`, (item) => reading.add(draft(item, query))),
  );
}

/** The report of a scan (`reportType`), in its two generations. */
export function readReport(json: JsonObject, reading: ReportReading): void {
  const languages = listAt(json, 'scanResults', 'sast', 'languages');
  for (const [index, language] of languages.entries())
    readQueries(
      listAt(language, 'queries'),
      `scanResults.sast.languages[${index}].queries`,
      'vulnerabilities',
      reading,
      codeDraft,
    );
  readQueries(
    listAt(json, 'scanResults', 'resultsList'),
    'scanResults.resultsList',
    'vulnerabilities',
    reading,
    codeDraft,
  );
  for (const technology of listAt(json, 'iacScanResults', 'technology'))
    readQueries(
      listAt(technology, 'queries'),
      'iacScanResults.technology.queries',
      'resultsList',
      reading,
      infrastructureDraft,
    );
  reading.each(listAt(json, 'scaScanResults', 'packages'), 'scaScanResults.packages', (about, at) => {
    const categories = listAt(about, 'packageCategory').filter(isObject);
    const nested = categories.flatMap((category) => listAt(category, 'categoryResults'));
    const results = [...nested, ...listAt(about, 'vulnerabilities')];
    reading.each(results, `${at}.vulnerabilities`, (vulnerability) =>
      reading.add(packageDraft(vulnerability, about)),
    );
  });
}

export function isReport(json: unknown): boolean {
  if (objectAt(json, 'scanResults') === undefined) return false;
  const hasLists =
    objectAt(json, 'scanResults', 'sast') !== undefined ||
    Array.isArray(objectAt(json, 'scanResults')?.['resultsList']);
  return hasLists && objectAt(json, 'reportHeader') !== undefined;
}
