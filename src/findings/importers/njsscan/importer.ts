import { cweNumbers, type PlaceDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, objectAt, positionAt, textAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';

function placeOf(file: JsonObject): PlaceDraft {
  const [line, endLine] = listAt(file, 'match_lines');
  const [column] = listAt(file, 'match_position');
  return {
    file: textAt(file, 'file_path'),
    line: positionAt(line),
    endLine: positionAt(endLine),
    column: positionAt(column),
  };
}

/** A rule is found in files; each place is a finding of its own. A rule without files is one about what is missing. */
function readRule(rule: string, details: JsonObject, at: string, reading: ReportReading): void {
  const metadata = objectAt(details, 'metadata') ?? {};
  const severityText = textAt(metadata, 'severity');
  const description = textAt(metadata, 'description');
  const files = listAt(details, 'files');
  reading.each(files.length > 0 ? files : [{}], `${at}.files`, (file) =>
    reading.add({
      tool: 'njsscan',
      ruleId: rule,
      kind: 'code',
      title: description?.split(/(?<=\.)\s/, 1)[0] ?? rule,
      description,
      severity: severityOfWord(severityText) ?? 'medium',
      severityText,
      cwe: cweNumbers([textAt(metadata, 'cwe')]),
      place: placeOf(file),
      snippet: textAt(file, 'match_string'),
      attributes: { owasp: textAt(metadata, 'owasp-web') ?? textAt(metadata, 'owasp') },
    }),
  );
}

export const importer = defineImporter({
  id: 'njsscan',
  title: 'njsscan',
  formats: ['JSON of `njsscan --json`'],
  kinds: ['code'],
  documentation: 'https://github.com/ajinabraham/njsscan#command-line-options',

  recognise({ shape, json }) {
    return shape === 'json' && isObject(json) && 'njsscan_version' in json ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    for (const section of ['nodejs', 'templates'])
      for (const [rule, details] of Object.entries(objectAt(content.json, section) ?? {}))
        if (isObject(details)) readRule(rule, details, `${section}.${rule}`, reading);
        else reading.warn(`${section}.${rule}`, 'this is no object');
    for (const error of listAt(content.json, 'errors'))
      reading.warn('errors', textAt(error, 'message') ?? 'njsscan reports an error');
    return reading.finish({ tool: 'njsscan', toolVersion: textAt(content.json, 'njsscan_version') });
  },
});
