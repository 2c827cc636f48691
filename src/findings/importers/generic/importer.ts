import { csvColumns, readCsv } from '../../csv.ts';
import { defineImporter } from '../../importer.ts';
import { firstText, isObject, type JsonObject, listAt, textAt, timeAt, valueAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';
import { findingKinds } from '../../reported-finding.ts';
import { toolFamily } from '../../tool-family.ts';
import { draftOfFields } from './read-fields.ts';
import { draftOfOwnShape, isOwnShape } from './read-own-shape.ts';

/** Names are compared in lower case with `_`, as tables and tools write them in all ways: `File Path`, `file_path`. */
function lowerKeys(item: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(item).map(([key, value]) => [key.trim().toLowerCase().replaceAll(' ', '_'), value]),
  );
}

function addFields(item: JsonObject, tool: string, at: string, reading: ReportReading): void {
  const fields = lowerKeys(item);
  if (
    textAt(fields, 'title') === undefined &&
    firstText(fields, ['rule', 'rule_id', 'ruleid']) === undefined
  ) {
    reading.warn(at, 'this entry has neither a title nor a rule, so it is no finding');
    return;
  }
  if (severityOfWord(textAt(fields, 'severity')) === undefined)
    reading.warn(at, 'its severity is missing or unknown, and is taken as medium');
  reading.add(draftOfFields(fields, tool));
}

function itemsOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : listAt(json, 'findings');
}

function toolOf(json: unknown): string {
  return toolFamily(firstText(json, ['tool', 'type', 'name'])) ?? 'generic';
}

function readTable(text: string, reading: ReportReading): void {
  const { columns, rows, unevenLines } = readCsv(text);
  for (const line of unevenLines) reading.warn(`record ${line}`, `it does not have ${columns.length} values`);
  for (const [index, row] of rows.entries()) {
    const item = Object.fromEntries([...row].filter(([, value]) => value.trim() !== ''));
    addFields(item, toolFamily(row.get('tool')) ?? 'generic', `record ${index + 2}`, reading);
  }
}

function isTable(columns: readonly string[]): boolean {
  return columns.includes('severity') && (columns.includes('title') || columns.includes('rule'));
}

/** JSON and CSV for tools that nobody wrote an importer for; recognised when no other format fits. */
export const importer = defineImporter({
  id: 'generic',
  title: 'Generic findings',
  formats: [
    'JSON `{"tool": …, "findings": […]}` with the fields of `vouchgate import --dry-run --format json`',
    'JSON and CSV in DefectDojo’s generic shape (`title`, `severity`, `description`, `file_path`, `line`, `cwe`, …)',
  ],
  kinds: findingKinds,
  documentation: 'https://docs.defectdojo.com/supported_tools/parsers/generic_findings_import/',

  recognise(content) {
    if (content.shape === 'text') return isTable(csvColumns(content)) ? 1 : 0;
    if (content.shape !== 'json') return 0;
    const { json } = content;
    if (!Array.isArray(valueAt(json, 'findings')) && !Array.isArray(json)) return 0;
    const first = itemsOf(json)[0];
    if (first === undefined) return Array.isArray(json) ? 0 : 1;
    if (!isObject(first)) return 0;
    return isOwnShape(first) || textAt(lowerKeys(first), 'title') !== undefined ? 1 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    if (content.shape === 'text') {
      readTable(content.text, reading);
      return reading.finish({ tool: 'generic' });
    }
    const { json } = content;
    const tool = toolOf(json);
    reading.each(itemsOf(json), 'findings', (item, at) => {
      if (isOwnShape(item)) reading.add(draftOfOwnShape(item, tool));
      else addFields(item, tool, at, reading);
    });
    return reading.finish({ tool, toolVersion: textAt(json, 'version'), ranAtMs: timeAt(json, 'date') });
  },
});
