import { messageOf } from '#core/errors.ts';
import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import { cell, type CsvRow, csvColumns, readCsv } from '../../csv.ts';
import { defineImporter } from '../../importer.ts';
import { numberAt } from '../../json-fields.ts';
import { lookUp } from '../../look-up.ts';
import { otherNames } from '../../report-advisory.ts';
import type { ReportContent } from '../../report-content.ts';
import { cvssOf } from '../../report-cvss.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfScore, severityOfWord } from '../../report-severity.ts';
import type { ReportedDecision } from '../../reported-finding.ts';

const FILES_MAX = 50;

/** Black Duck's remediation statuses; the others leave it open. */
const DECISIONS: Readonly<Record<string, ReportedDecision['state']>> = {
  IGNORED: 'accepted',
  DUPLICATE: 'accepted',
  MITIGATED: 'not-affected',
  NOT_AFFECTED: 'not-affected',
  PATCHED: 'fixed',
  REMEDIATION_COMPLETE: 'fixed',
};

/** Names of origins, and the types of package URLs. */
const ECOSYSTEMS: Readonly<Record<string, string>> = {
  npmjs: 'npm',
  rubygems: 'gem',
  debian: 'deb',
  centos: 'rpm',
  fedora: 'rpm',
};

function decisionOf(row: CsvRow): ReportedDecision | undefined {
  const status = cell(row, 'remediation status') ?? '';
  const state = lookUp(DECISIONS, status);
  if (state === undefined) return undefined;
  return {
    state,
    reason: (cell(row, 'remediation comment') ?? status.toLowerCase().replaceAll('_', ' ')).slice(0, 2_000),
  };
}

/** `maven` with `org.acme:cart:1.0`: the version ends the id. */
function packageOf(row: CsvRow): NonNullable<PlaceDraft['package']> {
  const version = cell(row, 'component version name', 'version', 'component origin version name');
  const id = cell(row, 'component origin id', 'channel version origin id');
  const named =
    id !== undefined && version !== undefined && id.endsWith(version) ? id.slice(0, -version.length - 1) : id;
  const origin = cell(row, 'component origin name', 'channel version origin');
  const name = named === undefined || named === '' ? cell(row, 'component name', 'project name') : named;
  const ecosystem = lookUp(ECOSYSTEMS, origin) ?? origin;
  return { name: name ?? 'a component', version, ecosystem };
}

function keyOf(row: CsvRow): string {
  return [cell(row, 'project id', 'component id'), cell(row, 'version id')].join('\n');
}

function rowDraft(row: CsvRow, files: readonly string[]): FindingDraft {
  const written = cell(row, 'vulnerability id');
  // "BDSA-2019-2725 (CVE-2019-12402)" names both.
  const [ruleId = written] = /^\S+/.exec(written ?? '') ?? [];
  const score = numberAt({ score: cell(row, 'base score') }, 'score');
  const severityText = cell(row, 'security risk');
  const about = packageOf(row);
  const places = files.map((file) => ({ file, package: about }));
  const [place = { package: about }, ...otherPlaces] = places;
  const source = cell(row, 'vulnerability source');
  return {
    tool: 'blackduck',
    ruleId: /^\d+$/.test(ruleId ?? '') && source !== undefined ? `${source}-${ruleId}` : ruleId,
    kind: 'dependency',
    title: `${written ?? 'Vulnerability'} in ${about.name}`,
    description: cell(row, 'description'),
    severity: severityOfWord(severityText) ?? severityOfScore(score) ?? 'medium',
    severityText,
    cvss: cvssOf(score),
    aliases: otherNames(ruleId, [written]),
    place,
    otherPlaces,
    references: [cell(row, 'url')].filter((url) => url !== undefined),
    decision: decisionOf(row),
    attributes: { source, status: cell(row, 'remediation status'), project: cell(row, 'project path') },
  };
}

/** Paths of each component, of the `files.csv` in an archive. */
function readFiles(text: string | undefined): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const row of text === undefined ? [] : readCsv(text).rows) {
    const path = cell(row, 'path');
    if (path === undefined) continue;
    const context = cell(row, 'archive context') ?? '';
    const known = files.get(keyOf(row)) ?? [];
    if (known.length < FILES_MAX) known.push(context + path);
    files.set(keyOf(row), known);
  }
  return files;
}

function isSecurityTable(columns: readonly string[]): boolean {
  return (
    columns.includes('vulnerability id') &&
    columns.includes('remediation status') &&
    columns.includes('security risk')
  );
}

function entryText(content: ReportContent, name: RegExp, reading?: ReportReading): string | undefined {
  const entry = content.entries.find((each) => name.test(each.name));
  try {
    return entry?.read().toString('utf8');
  } catch (error) {
    reading?.warn(entry?.name ?? 'archive', `this file is left out: ${messageOf(error)}`);
    return undefined;
  }
}

export const importer = defineImporter({
  id: 'blackduck',
  title: 'Black Duck',
  formats: ['`security.csv` of a version report, alone or in its zip archive with `files.csv`'],
  kinds: ['dependency'],
  documentation: 'https://documentation.blackduck.com/',

  recognise(content) {
    if (content.shape === 'text') return isSecurityTable(csvColumns(content)) ? 2 : 0;
    if (content.shape !== 'zip') return 0;
    return content.entries.some(({ name }) => /(?:^|\/)security[^/]{0,100}\.csv$/i.test(name)) ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const isArchive = content.shape === 'zip';
    const text = isArchive ? entryText(content, /(?:^|\/)security[^/]{0,100}\.csv$/i, reading) : content.text;
    const files = readFiles(
      isArchive ? entryText(content, /(?:^|\/)files[^/]{0,100}\.csv$/i, reading) : undefined,
    );
    for (const row of readCsv(text ?? '').rows) reading.add(rowDraft(row, files.get(keyOf(row)) ?? []));
    return reading.finish({ tool: 'blackduck' });
  },
});
