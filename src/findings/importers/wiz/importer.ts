import type { FindingDraft } from '../../build-reported-finding.ts';
import { cell, type CsvRow, csvColumns, readCsv } from '../../csv.ts';
import { defineImporter } from '../../importer.ts';
import { timeAt } from '../../json-fields.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { linksIn } from '../../report-links.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';
import type { ReportedDecision } from '../../reported-finding.ts';

/** `REJECTED` and `IGNORED` are decided by people; `RESOLVED` says why in its resolution. */
function decisionOf(
  status: string | undefined,
  resolution: string | undefined,
): ReportedDecision | undefined {
  const why =
    resolution === undefined ? {} : { reason: resolution.toLowerCase().replaceAll('_', ' ').slice(0, 2_000) };
  const word = status?.toUpperCase();
  if (resolution === 'FALSE_POSITIVE') return { state: 'false-positive' };
  if (word === 'IGNORED' || word === 'REJECTED' || resolution === 'WONT_FIX')
    return { state: 'accepted', ...why };
  return word === 'RESOLVED' ? { state: 'fixed', ...why } : undefined;
}

/** An issue: a control that a resource fails. */
function issueDraft(row: CsvRow): FindingDraft {
  const severityText = cell(row, 'severity');
  const kubernetes = [cell(row, 'kubernetes cluster'), cell(row, 'kubernetes namespace')].filter(
    (part) => part !== undefined,
  );
  return {
    tool: 'wiz',
    ruleId: cell(row, 'control id') ?? cell(row, 'title'),
    kind: 'infrastructure',
    title: cell(row, 'title'),
    description: cell(row, 'description'),
    severity: severityOfWord(severityText) ?? 'medium',
    severityText,
    aliases: advisoryNames([cell(row, 'title')]),
    place: { resource: cell(row, 'resource external id', 'resource name') },
    remedy: cell(row, 'remediation recommendation'),
    references: linksIn(cell(row, 'wiz url')),
    toolFingerprint: cell(row, 'issue id'),
    decision: decisionOf(cell(row, 'status'), cell(row, 'resolution')),
    foundAtMs: timeAt(cell(row, 'created at')),
    attributes: {
      resourceType: cell(row, 'resource type'),
      subscription: cell(row, 'subscription name'),
      platform: cell(row, 'resource platform'),
      region: cell(row, 'resource region'),
      kubernetes: kubernetes.join('/'),
    },
  };
}

/** A vulnerability of a package on a machine or in an image. */
function packageDraft(row: CsvRow): FindingDraft {
  const name = cell(row, 'detailedname');
  const fixed = cell(row, 'fixedversion');
  const severityText = cell(row, 'vendorseverity', 'cvssseverity');
  const has = (column: string) => cell(row, column)?.toLowerCase() === 'true';
  const id = cell(row, 'name');
  return {
    tool: 'wiz',
    ruleId: id,
    kind: 'dependency',
    title: name === undefined ? id : `${id ?? 'Vulnerability'} in ${name}`,
    severity: severityOfWord(severityText) ?? 'medium',
    severityText,
    exploited: has('hascisakevexploit') || has('hasexploit') ? true : undefined,
    aliases: advisoryNames([id, cell(row, 'link')]).filter((alias) => alias !== id),
    place: {
      file: cell(row, 'locationpath'),
      resource: cell(row, 'provideruniqueid', 'assetname'),
      package:
        name === undefined
          ? undefined
          : { name, version: cell(row, 'version'), fixedVersions: fixed === undefined ? [] : [fixed] },
    },
    remedy: cell(row, 'remediation'),
    references: linksIn(cell(row, 'link')),
    toolFingerprint: cell(row, 'id'),
    decision: decisionOf(cell(row, 'findingstatus'), cell(row, 'resolutionreason')),
    foundAtMs: timeAt(cell(row, 'firstdetected')),
    attributes: {
      asset: cell(row, 'assetname'),
      platform: cell(row, 'cloudplatform'),
      detection: cell(row, 'detectionmethod'),
    },
  };
}

function isIssues(columns: readonly string[]): boolean {
  return columns.includes('control id') && columns.includes('wiz url') && columns.includes('issue id');
}

function isPackages(columns: readonly string[]): boolean {
  return columns.includes('wizurl') && columns.includes('detailedname');
}

export const importer = defineImporter({
  id: 'wiz',
  title: 'Wiz',
  formats: ['CSV of issues', 'CSV of vulnerability findings'],
  kinds: ['infrastructure', 'dependency'],
  documentation: 'https://docs.wiz.io/',

  recognise(content) {
    const columns = csvColumns(content);
    return isIssues(columns) || isPackages(columns) ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const { columns, rows } = readCsv(content.text);
    const draftOf = isPackages(columns) ? packageDraft : issueDraft;
    for (const row of rows) reading.add(draftOf(row));
    return reading.finish({ tool: 'wiz' });
  },
});
