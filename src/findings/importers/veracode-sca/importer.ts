import { cweNumbers, type FindingDraft } from '../../build-reported-finding.ts';
import { cell, type CsvRow, csvColumns, readCsv } from '../../csv.ts';
import { defineImporter } from '../../importer.ts';
import {
  booleanAt,
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  textsAt,
  timeAt,
} from '../../json-fields.ts';
import { cvssOf } from '../../report-cvss.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfScore, severityOfWord } from '../../report-severity.ts';
import type { ReportedDecision } from '../../reported-finding.ts';

/** Both formats leave the letters of a CVE out: `2022-31159`. */
function cveOf(number: string | undefined): string | undefined {
  if (number === undefined || number === '0') return undefined;
  return /^\d{4}-\d{4,10}$/.test(number) ? `CVE-${number}` : number;
}

function decisionOf(ignored: boolean, status: string | undefined): ReportedDecision | undefined {
  if (ignored) return { state: 'accepted', reason: 'ignored in Veracode' };
  return /^(?:fixed|resolved)$/i.test(status ?? '') ? { state: 'fixed' } : undefined;
}

function rowDraft(row: CsvRow): FindingDraft {
  const score = numberAt({ score: cell(row, 'cvss score') }, 'score');
  const cve = cveOf(cell(row, 'cve'));
  const parts = [cell(row, 'coordinate 1'), cell(row, 'coordinate 2')].filter((part) => part !== undefined);
  const fixed = cell(row, 'updated version');
  const severityText = cell(row, 'severity');
  const id = cell(row, 'vulnerability id');
  return {
    tool: 'veracode',
    ruleId: cve ?? (id === undefined ? cell(row, 'title') : `SRCCLR-${id}`),
    kind: 'dependency',
    title: cell(row, 'title'),
    severity: severityOfWord(severityText) ?? severityOfScore(score) ?? 'medium',
    severityText,
    cvss: cvssOf(score),
    aliases: id === undefined ? [] : [`SRCCLR-${id}`],
    place: {
      package: {
        name: parts.length > 0 ? parts.join(':') : (cell(row, 'library') ?? 'a library'),
        version: cell(row, 'version in use'),
        ecosystem: cell(row, 'package manager')?.toLowerCase(),
        fixedVersions: fixed === undefined ? [] : [fixed],
      },
    },
    toolFingerprint: cell(row, 'issue id'),
    decision: decisionOf(cell(row, 'ignored') === 'true', cell(row, 'status')),
    attributes: { project: cell(row, 'project'), dependency: cell(row, 'dependency (transitive or direct)') },
  };
}

function issueDraft(issue: JsonObject): FindingDraft {
  const vulnerability = objectAt(issue, 'vulnerability') ?? {};
  const library = objectAt(issue, 'library') ?? {};
  const score = numberAt(vulnerability, 'cvss3_score') ?? numberAt(issue, 'severity');
  const cve = cveOf(textAt(vulnerability, 'cve'));
  const id = textAt(vulnerability, 'id');
  const [ecosystem, group, name] = (textAt(library, 'id') ?? '').split(':');
  const named = [group, name].filter((part) => part !== undefined && part !== '').join(':');
  return {
    tool: 'veracode',
    ruleId: cve ?? (id === undefined ? textAt(vulnerability, 'title') : `SRCCLR-${id}`),
    kind: 'dependency',
    title: textAt(vulnerability, 'title'),
    severity: severityOfScore(score) ?? 'medium',
    cvss: cvssOf(score, textAt(vulnerability, 'cvss3_vector')),
    cwe: cweNumbers([textAt(vulnerability, 'cwe_id')]),
    aliases: id === undefined ? [] : [`SRCCLR-${id}`],
    place: {
      package: {
        name: named === '' ? (textAt(library, 'name') ?? 'a library') : named,
        version: textAt(library, 'version'),
        ecosystem: ecosystem === '' ? undefined : ecosystem,
      },
    },
    references: textsAt(issue, '_links', 'html', 'href'),
    toolFingerprint: textAt(issue, 'id'),
    decision: decisionOf(booleanAt(issue, 'ignored') === true, textAt(issue, 'issue_status')),
    foundAtMs: timeAt(issue, 'created_date'),
    attributes: { project: textAt(issue, 'project_name') },
  };
}

export const importer = defineImporter({
  id: 'veracode-sca',
  title: 'Veracode SCA',
  formats: ['CSV of issues', 'JSON of `/srcclr/v3/workspaces/{guid}/issues`'],
  kinds: ['dependency'],
  documentation: 'https://docs.veracode.com/',

  recognise(content) {
    if (content.shape === 'text') {
      const columns = csvColumns(content);
      return columns.includes('version in use') && columns.includes('issue type') ? 2 : 0;
    }
    if (content.shape !== 'json') return 0;
    const [first] = listAt(content.json, '_embedded', 'issues');
    return isObject(first) && isObject(first['library']) && 'issue_type' in first ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    if (content.shape === 'text') {
      for (const row of readCsv(content.text).rows)
        if (cell(row, 'issue type') === undefined || cell(row, 'issue type') === 'Vulnerability')
          reading.add(rowDraft(row));
    } else
      reading.each(listAt(content.json, '_embedded', 'issues'), '_embedded.issues', (issue) => {
        // Licences and old libraries are listed too.
        if (textAt(issue, 'issue_type') === 'vulnerability') reading.add(issueDraft(issue));
      });
    return reading.finish({ tool: 'veracode' });
  },
});
