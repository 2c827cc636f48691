import { cweNumbers, type FindingDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { type JsonObject, listAt, numberAt, positionAt, textAt, timeAt, valueAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { createRedactor } from '../../report-secret.ts';
import { severityOfWord } from '../../report-severity.ts';

const TOOL = 'kics';

/** KICS finds secrets too; what it shows as the value is one then. */
function isSecret(query: unknown): boolean {
  const words = `${textAt(query, 'category')} ${textAt(query, 'query_name')}`;
  return /^Secret Management|passwords and secrets/i.test(words.slice(0, 300));
}

function draftOf(query: JsonObject, file: JsonObject): FindingDraft {
  const secret = isSecret(query);
  const value = textAt(file, 'value');
  const redact = createRedactor(
    secret ? [value, textAt(file, 'actual_value'), textAt(file, 'search_value')] : [],
  );
  const expected = textAt(file, 'expected_value');
  const actual = textAt(file, 'actual_value');
  const word = textAt(query, 'severity');
  const url = textAt(query, 'query_url');
  const resource = [textAt(file, 'resource_type'), textAt(file, 'resource_name')]
    .filter((each) => each !== undefined)
    .join('.');
  const what = secret || actual === undefined ? '' : `\n\n${actual}`;
  return {
    tool: TOOL,
    kind: secret ? 'secret' : 'infrastructure',
    ruleId: textAt(query, 'query_id'),
    title: textAt(query, 'query_name'),
    description: redact(`${textAt(query, 'description') ?? ''}${what}`),
    // CRITICAL, HIGH, MEDIUM, LOW, INFO; TRACE is for those who debug queries.
    severity: severityOfWord(word) ?? 'info',
    severityText: word,
    cwe: [...cweNumbers([textAt(query, 'cwe')]), ...cweOfNumber(query), ...(secret ? [798] : [])],
    place: {
      file: textAt(file, 'file_name'),
      line: positionAt(file, 'line'),
      // Where the key is an address of a resource it is better than nothing; that of a secret may hold it.
      resource: resource !== '' ? resource : secret ? undefined : textAt(file, 'search_key'),
    },
    remedy: secret ? redact(textAt(file, 'remediation')) : (textAt(file, 'remediation') ?? expected),
    references: url === undefined ? [] : [url],
    toolFingerprint: textAt(file, 'similarity_id'),
    attributes: {
      platform: textAt(query, 'platform'),
      category: textAt(query, 'category'),
      issueType: textAt(file, 'issue_type'),
    },
  };
}

/** Newer versions write the number alone. */
function cweOfNumber(query: unknown): readonly number[] {
  const number = numberAt(query, 'cwe');
  return number === undefined ? [] : [number];
}

export const importer = defineImporter({
  id: TOOL,
  title: 'KICS',
  formats: ['JSON of `kics scan --report-formats json`'],
  kinds: ['infrastructure', 'secret'],
  documentation: 'https://docs.kics.io/latest/results/',
  recognise({ json }) {
    const isOurs =
      numberAt(json, 'queries_total') !== undefined && numberAt(json, 'files_scanned') !== undefined;
    return isOurs ? 2 : 0;
  },
  read(content) {
    const { json } = content;
    const reading = new ReportReading(content);
    reading.each(listAt(json, 'queries'), 'queries', (query, at) =>
      reading.each(listAt(query, 'files'), `${at}.files`, (file) => reading.add(draftOf(query, file))),
    );
    const failed = numberAt(json, 'files_failed_to_scan') ?? 0;
    if (failed > 0) reading.warn('files_failed_to_scan', `KICS could not scan ${failed} files`);
    const ranAtMs = timeAt(json, 'end') ?? timeAt(valueAt(json, 'start'));
    return reading.finish({ tool: TOOL, toolVersion: textAt(json, 'kics_version'), ranAtMs });
  },
});
