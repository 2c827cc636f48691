import type { FindingDraft } from '../../build-reported-finding.ts';
import { cweNumbers } from '../../build-reported-finding.ts';
import { type HtmlTable, readHtmlTables } from '../../html-tables.ts';
import { positionAt } from '../../json-fields.ts';
import { htmlToText } from '../../plain-report-text.ts';
import { linksIn } from '../../report-links.ts';
import { kindOfRule, severityOfSonar } from './read-issues.ts';

function findTable(tables: readonly HtmlTable[], ...columns: readonly string[]): HtmlTable | undefined {
  return tables.find((table) => columns.every((column) => table.columns.includes(column)));
}

/** HTML of the description of each rule, by its key. */
function readRules(tables: readonly HtmlTable[]): ReadonlyMap<string, string> {
  const table = tables.find(({ columns }) => columns.length === 2 && columns.join() === 'rule,description');
  return new Map((table?.rows ?? []).map(([rule = '', html = '']) => [htmlToText(rule), html]));
}

/** Findings of the page that `sonar-report` writes. */
export function readHtmlReport(html: string): readonly FindingDraft[] | undefined {
  const tables = readHtmlTables(html);
  const table = findTable(tables, 'rule', 'severity', 'component', 'line', 'message');
  if (table === undefined) return undefined;
  const rules = readRules(tables);
  return table.rows.map((row) => {
    const texts = new Map(table.columns.map((column, index) => [column, htmlToText(row[index] ?? '')]));
    const rule = texts.get('rule') ?? '';
    const details = rules.get(rule) ?? '';
    const description = texts.get('description') ?? '';
    const message = texts.get('message') ?? '';
    const status = texts.get('status');
    return {
      tool: 'sonarqube',
      ruleId: rule,
      kind: kindOfRule(rule, undefined),
      title: /\w/.test(description) ? description : message,
      description: [message, htmlToText(details)].filter((part) => part !== '').join('\n\n'),
      severity: severityOfSonar(texts.get('severity')) ?? 'medium',
      severityText: texts.get('severity'),
      cwe: cweNumbers([details.match(/CWE-\d{1,5}/g)?.join(' ')]),
      place: {
        file: texts.get('component')?.split(':').at(-1),
        line: positionAt({ line: texts.get('line') }, 'line'),
      },
      references: linksIn(details),
      toolFingerprint: texts.get('key'),
      attributes: { status },
    };
  });
}
