import { messageOf } from '#core/errors.ts';
import { defineImporter, type ImportedReport } from '../../importer.ts';
import { isObject, listAt, numberAt, objectAt, timeAt, valueAt } from '../../json-fields.ts';
import type { ReportContent } from '../../report-content.ts';
import { ReportReading } from '../../report-reading.ts';
import { readHtmlReport } from './read-html-report.ts';
import { issueContext, issueDraft } from './read-issues.ts';

function isIssue(value: unknown): boolean {
  if (!isObject(value) || typeof value['component'] !== 'string') return false;
  const hasRule = typeof value['rule'] === 'string' && ('severity' in value || 'impacts' in value);
  return hasRule || 'vulnerabilityProbability' in value;
}

function isAnswer(json: unknown): boolean {
  const lists = [valueAt(json, 'issues'), valueAt(json, 'hotspots')].filter(Array.isArray);
  if (lists.length === 0) return false;
  const first: unknown = lists.find((list) => list.length > 0)?.[0];
  if (first !== undefined) return isIssue(first);
  const pages = objectAt(json, 'paging') !== undefined && Array.isArray(valueAt(json, 'components'));
  return pages || isSonarReport(json);
}

function isSonarReport(json: unknown): boolean {
  return valueAt(json, 'sonarBaseURL') !== undefined && valueAt(json, 'sonarComponent') !== undefined;
}

function isPage(text: string): boolean {
  return text.startsWith('<') && /<title>[^<]{0,200}SonarQube[^<]{0,200}<\/title>/i.test(text);
}

function readJson(json: unknown, reading: ReportReading): void {
  const context = issueContext(json);
  if (Array.isArray(json)) reading.each(json, '', (item) => reading.add(issueDraft(item, context)));
  for (const key of ['issues', 'hotspots']) {
    const items = listAt(json, key);
    reading.each(items, key, (item) => reading.add(issueDraft(item, context)));
    if (items.length > 0) reading.expectTotal(key, items.length, numberAt(json, 'paging', 'total'));
  }
}

function readArchive(content: ReportContent, reading: ReportReading): void {
  for (const entry of content.entries.filter(({ name }) => /\.json$/i.test(name)).slice(0, 1_000)) {
    try {
      readJson(JSON.parse(entry.read().toString('utf8')), reading);
    } catch (error) {
      reading.warn(entry.name, `this file is left out: ${messageOf(error)}`);
    }
  }
}

/** An archive of answers of the API: only JSON, and the first file is one. */
function isArchive(content: ReportContent): boolean {
  try {
    const files = content.entries.filter(({ name }) => !name.endsWith('/'));
    const [first] = files;
    if (first === undefined || !files.every(({ name }) => /\.json$/i.test(name))) return false;
    return isAnswer(JSON.parse(first.read().toString('utf8')));
  } catch {
    return false;
  }
}

export const importer = defineImporter({
  id: 'sonarqube',
  title: 'SonarQube',
  formats: [
    'JSON of `api/issues/search` and `api/hotspots/search`, also several of them in a zip archive',
    'JSON and HTML of `sonar-report`',
  ],
  kinds: ['code', 'quality', 'infrastructure', 'secret', 'dependency'],
  documentation: 'https://docs.sonarsource.com/sonarqube-server/extension-guide/web-api',

  recognise(content) {
    if (content.shape === 'xml') return isPage(content.head) ? 2 : 0;
    if (content.shape === 'zip') return isArchive(content) ? 2 : 0;
    if (content.shape !== 'json') return 0;
    const { json } = content;
    return (Array.isArray(json) ? isIssue(json[0]) : isAnswer(json)) ? 2 : 0;
  },

  read(content): ImportedReport {
    const reading = new ReportReading(content);
    if (content.shape === 'zip') readArchive(content, reading);
    else if (content.shape === 'xml') {
      const drafts = readHtmlReport(content.text);
      if (drafts === undefined) reading.warn('page', 'it has no table of findings');
      for (const draft of drafts ?? []) reading.add(draft);
    } else readJson(content.json, reading);
    return reading.finish({ tool: 'sonarqube', ranAtMs: timeAt(content.json, 'date') });
  },
});
