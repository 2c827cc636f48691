import type { FindingDraft } from '../../build-reported-finding.ts';
import { cell, csvColumns, readCsv } from '../../csv.ts';
import { defineImporter } from '../../importer.ts';
import { isObject, listAt, positionAt, textAt, timeAt } from '../../json-fields.ts';
import { lookUp } from '../../look-up.ts';
import type { ReportContent } from '../../report-content.ts';
import { ReportReading } from '../../report-reading.ts';
import type { Severity } from '../../severity.ts';
import { elementsOf } from '../../xml.ts';
import { xmlRootName } from '../../xml-root-name.ts';

/** PMD's rule guidelines: 1 "change absolutely required" to 5 "change highly optional". */
const PRIORITIES: Readonly<Record<string, Severity>> = {
  1: 'high',
  2: 'medium',
  3: 'medium',
  4: 'low',
  5: 'info',
};

/** The three formats name the same fields in three ways. */
interface Violation {
  readonly file: string | undefined;
  readonly rule: string | undefined;
  readonly ruleset: string | undefined;
  readonly priority: string | undefined;
  readonly message: string | undefined;
  readonly line: string | undefined;
  readonly endLine?: string | undefined;
  readonly column?: string | undefined;
  readonly symbol?: string | undefined;
  readonly link?: string | undefined;
}

function violationDraft(violation: Violation): FindingDraft {
  const { rule, ruleset, priority = '' } = violation;
  return {
    tool: 'pmd',
    ruleId: rule,
    kind: ruleset?.toLowerCase() === 'security' ? 'code' : 'quality',
    title: violation.message?.trim() ?? rule,
    severity: lookUp(PRIORITIES, priority) ?? 'medium',
    severityText: `priority ${priority}`,
    place: {
      file: violation.file,
      line: positionAt(violation, 'line'),
      endLine: positionAt(violation, 'endLine'),
      column: positionAt(violation, 'column'),
      symbol: violation.symbol,
    },
    references: violation.link === undefined ? [] : [violation.link],
    attributes: { ruleset },
  };
}

function readTable(content: ReportContent, reading: ReportReading): void {
  for (const row of readCsv(content.text).rows)
    reading.add(
      violationDraft({
        file: cell(row, 'file'),
        rule: cell(row, 'rule'),
        ruleset: cell(row, 'rule set'),
        priority: cell(row, 'priority'),
        message: cell(row, 'description'),
        line: cell(row, 'line'),
        symbol: cell(row, 'package'),
      }),
    );
}

function readXml(content: ReportContent, reading: ReportReading): void {
  for (const file of elementsOf(content.xml, 'file'))
    for (const { attributes, text } of elementsOf(file, 'violation')) {
      const parts = [attributes['package'], attributes['class'], attributes['method']];
      reading.add(
        violationDraft({
          file: file.attributes['name'],
          rule: attributes['rule'],
          ruleset: attributes['ruleset'],
          priority: attributes['priority'],
          message: text,
          line: attributes['beginline'],
          endLine: attributes['endline'],
          column: attributes['begincolumn'],
          symbol: parts.filter((part) => part !== undefined).join('.'),
          link: attributes['externalInfoUrl'],
        }),
      );
    }
  for (const error of elementsOf(content.xml, 'error'))
    reading.warn(
      error.attributes['filename'] ?? 'error',
      error.attributes['msg'] ?? 'this file was not looked at',
    );
}

function readJson(content: ReportContent, reading: ReportReading): void {
  reading.each(listAt(content.json, 'files'), 'files', (file, at) =>
    reading.each(listAt(file, 'violations'), `${at}.violations`, (violation) =>
      reading.add(
        violationDraft({
          file: textAt(file, 'filename'),
          rule: textAt(violation, 'rule'),
          ruleset: textAt(violation, 'ruleset'),
          priority: textAt(violation, 'priority'),
          message: textAt(violation, 'description'),
          line: textAt(violation, 'beginline'),
          endLine: textAt(violation, 'endline'),
          column: textAt(violation, 'begincolumn'),
          link: textAt(violation, 'externalInfoUrl'),
        }),
      ),
    ),
  );
  for (const error of listAt(content.json, 'processingErrors'))
    reading.warn(
      textAt(error, 'filename') ?? 'processingErrors',
      textAt(error, 'message') ?? 'this file was not looked at',
    );
}

export const importer = defineImporter({
  id: 'pmd',
  title: 'PMD',
  formats: ['CSV, XML and JSON of `pmd check -f csv|xml|json`'],
  kinds: ['code', 'quality'],
  documentation: 'https://docs.pmd-code.org/latest/pmd_userdocs_report_formats.html',

  recognise(content) {
    if (content.shape === 'xml') return xmlRootName(content) === 'pmd' ? 2 : 0;
    if (content.shape === 'text')
      return csvColumns(content).join() === 'problem,package,file,priority,line,description,rule set,rule'
        ? 2
        : 0;
    return isObject(content.json) && 'pmdVersion' in content.json && 'files' in content.json ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    if (content.shape === 'xml') {
      readXml(content, reading);
      const { version, timestamp } = content.xml.attributes;
      return reading.finish({ tool: 'pmd', toolVersion: version, ranAtMs: timeAt(timestamp) });
    }
    if (content.shape === 'text') readTable(content, reading);
    else readJson(content, reading);
    return reading.finish({
      tool: 'pmd',
      toolVersion: textAt(content.json, 'pmdVersion'),
      ranAtMs: timeAt(content.json, 'timestamp'),
    });
  },
});
