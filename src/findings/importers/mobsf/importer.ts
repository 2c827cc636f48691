import { cweNumbers, type PlaceDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  objectAt,
  positionAt,
  textAt,
  textsAt,
} from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { readReport, severityOfMobsf } from './read-report.ts';

function placeOf(file: JsonObject): PlaceDraft {
  const [line, endLine] = listAt(file, 'match_lines');
  return { file: textAt(file, 'file_path'), line: positionAt(line), endLine: positionAt(endLine) };
}

/** mobsfscan, the part of MobSF for source code: rules with their matches; those without say that something is missing. */
function readScan(results: JsonObject, reading: ReportReading): void {
  for (const [rule, found] of Object.entries(results)) {
    const metadata = objectAt(found, 'metadata');
    const files = listAt(found, 'files');
    const severityText = textAt(metadata, 'severity');
    const description = textAt(metadata, 'description');
    reading.each(files.length > 0 ? files : [{}], `results.${rule}.files`, (file) =>
      reading.add({
        tool: 'mobsf',
        ruleId: rule,
        kind: 'code',
        title: description?.split(/(?<=\.)\s/, 1)[0] ?? rule,
        description,
        severity: severityOfMobsf(severityText) ?? 'medium',
        severityText,
        cwe: cweNumbers([textAt(metadata, 'cwe')]),
        place: placeOf(file),
        snippet: textAt(file, 'match_string'),
        references: textsAt(metadata, 'reference'),
        attributes: { masvs: textAt(metadata, 'masvs'), owasp: textAt(metadata, 'owasp-mobile') },
      }),
    );
  }
}

export const importer = defineImporter({
  id: 'mobsf',
  title: 'MobSF',
  formats: ['JSON report of the static analysis (Android, iOS)', 'JSON of `mobsfscan`'],
  kinds: ['code', 'secret'],
  documentation: 'https://mobsf.github.io/docs/#/rest_api',

  recognise({ shape, json }) {
    if (shape !== 'json' || !isObject(json)) return 0;
    if ('mobsfscan_version' in json && isObject(json['results'])) return 2;
    const isApp = 'app_name' in json || 'file_name' in json;
    const parts = [
      'code_analysis',
      'manifest_analysis',
      'binary_analysis',
      'average_cvss',
      'appsec',
      'permissions',
    ];
    return isApp && parts.filter((part) => part in json).length >= 2 ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const { json } = content;
    const results = objectAt(json, 'results');
    if (results === undefined) readReport(json, reading);
    else readScan(results, reading);
    return reading.finish({
      tool: 'mobsf',
      toolVersion: textAt(json, 'mobsfscan_version') ?? textAt(json, 'version'),
    });
  },
});
