import type { FindingDraft } from '../../build-reported-finding.ts';
import { cell, csvColumns, type CsvRow, readCsv } from '../../csv.ts';
import { defineImporter } from '../../importer.ts';
import { listAt, positionAt, textAt, textsAt, valueAt } from '../../json-fields.ts';
import { mergeSecrets, type SecretSighting } from '../../merge-secrets.ts';
import { ReportReading } from '../../report-reading.ts';
import { createRedactor } from '../../report-secret.ts';

const TOOL = 'gitleaks';
/** `commit:file:rule:line`, or without the commit: made of nothing secret. */
const FINGERPRINT = /^[^\n]{3,2000}:[^\n:]{1,200}:\d{1,9}$/;

interface Leak {
  readonly rule: string | undefined;
  readonly description: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly endLine?: number | undefined;
  readonly column?: number | undefined;
  readonly endColumn?: number | undefined;
  readonly commit: string | undefined;
  readonly author: string | undefined;
  readonly date: string | undefined;
  readonly tags: string | undefined;
  readonly link: string | undefined;
  readonly fingerprint?: string | undefined;
  /** What stands in the report of the secret: never kept. */
  readonly secrets: readonly (string | undefined)[];
}

function ofVersion8(leak: unknown): Leak {
  return {
    rule: textAt(leak, 'RuleID'),
    description: textAt(leak, 'Description'),
    file: textAt(leak, 'File'),
    line: positionAt(leak, 'StartLine'),
    endLine: positionAt(leak, 'EndLine'),
    column: positionAt(leak, 'StartColumn'),
    endColumn: positionAt(leak, 'EndColumn'),
    commit: textAt(leak, 'Commit'),
    author: textAt(leak, 'Author'),
    date: textAt(leak, 'Date'),
    tags: textsAt(leak, 'Tags').join(', '),
    link: textAt(leak, 'Link'),
    fingerprint: textAt(leak, 'Fingerprint'),
    secrets: [textAt(leak, 'Secret'), textAt(leak, 'Match'), textAt(leak, 'Line')],
  };
}

/** Versions 2–7. */
function ofVersion7(leak: unknown): Leak {
  return {
    rule: textAt(leak, 'rule'),
    description: undefined,
    file: textAt(leak, 'file'),
    line: positionAt(leak, 'lineNumber'),
    commit: textAt(leak, 'commit'),
    author: textAt(leak, 'author'),
    date: textAt(leak, 'date'),
    tags: textAt(leak, 'tags'),
    link: textAt(leak, 'leakURL'),
    secrets: [textAt(leak, 'offender'), textAt(leak, 'line')],
  };
}

function ofRow(row: CsvRow): Leak {
  return {
    rule: cell(row, 'ruleid', 'rule'),
    description: cell(row, 'description'),
    file: cell(row, 'file'),
    line: positionAt(cell(row, 'startline', 'linenumber')),
    endLine: positionAt(cell(row, 'endline')),
    column: positionAt(cell(row, 'startcolumn')),
    endColumn: positionAt(cell(row, 'endcolumn')),
    commit: cell(row, 'commit'),
    author: cell(row, 'author'),
    date: cell(row, 'date'),
    tags: cell(row, 'tags'),
    link: cell(row, 'link', 'leakurl'),
    fingerprint: cell(row, 'fingerprint'),
    secrets: [cell(row, 'secret', 'offender'), cell(row, 'match', 'line')],
  };
}

function draftOf(leak: Leak): FindingDraft {
  const { rule, description, fingerprint } = leak;
  const redact = createRedactor(leak.secrets);
  return {
    tool: TOOL,
    kind: 'secret',
    ruleId: rule,
    title: redact(`${rule ?? 'a secret'} in ${leak.file ?? 'a file'}`),
    description: redact(description),
    // Gitleaks gives none: a credential in a repository opens something until somebody has shown that it does not.
    severity: 'high',
    cwe: [798],
    place: {
      file: leak.file,
      line: leak.line,
      endLine: leak.endLine,
      column: leak.column,
      endColumn: leak.endColumn,
      commit: leak.commit,
    },
    references: leak.link === undefined ? [] : [leak.link],
    toolFingerprint:
      fingerprint !== undefined && FINGERPRINT.test(fingerprint) ? redact(fingerprint) : undefined,
    attributes: { author: redact(leak.author), date: leak.date, tags: redact(leak.tags) },
  };
}

/** The same secret at the same place in several commits is one to change; the commits are its other places. */
function sightingOf(leak: Leak): SecretSighting {
  const date = Date.parse(leak.date ?? '');
  return {
    draft: draftOf(leak),
    key: JSON.stringify([leak.rule, leak.file, leak.line, leak.secrets[0]]),
    timeMs: Number.isNaN(date) ? undefined : date,
  };
}

function isVersion8(leak: unknown): boolean {
  return textAt(leak, 'RuleID') !== undefined && valueAt(leak, 'Secret') !== undefined;
}

function isVersion7(leak: unknown): boolean {
  return textAt(leak, 'rule') !== undefined && valueAt(leak, 'offender') !== undefined;
}

function isTable(columns: readonly string[]): boolean {
  const isNew = columns.includes('ruleid') && columns.includes('secret');
  return isNew || (columns.includes('offender') && columns.includes('rule'));
}

export const importer = defineImporter({
  id: TOOL,
  title: 'Gitleaks',
  formats: ['JSON and CSV of `gitleaks git|dir --report-format`, version 8', 'JSON and CSV of versions 2–7'],
  kinds: ['secret'],
  documentation: 'https://github.com/gitleaks/gitleaks#readme',
  recognise(content) {
    if (content.shape === 'text') return isTable(csvColumns(content)) ? 2 : 0;
    const first = valueAt(content.json, 0);
    return isVersion8(first) || isVersion7(first) ? 2 : 0;
  },
  read(content) {
    const reading = new ReportReading(content.shape === 'text' ? undefined : content);
    const sightings: SecretSighting[] = [];
    if (content.shape === 'text') {
      const { rows, unevenLines } = readCsv(content.text, ',');
      for (const line of unevenLines)
        reading.warn(`line ${line}`, 'this line has more or fewer values than columns');
      for (const row of rows) sightings.push(sightingOf(ofRow(row)));
    } else
      reading.each(listAt(content.json), 'leak', (leak) =>
        sightings.push(sightingOf(isVersion8(leak) ? ofVersion8(leak) : ofVersion7(leak))),
      );
    for (const draft of mergeSecrets(sightings)) reading.add(draft);
    return reading.finish({ tool: TOOL });
  },
});
