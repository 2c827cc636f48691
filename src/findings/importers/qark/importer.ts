import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, positionAt, textAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import type { FindingDraft } from '../../build-reported-finding.ts';
import { lookUp } from '../../look-up.ts';
import type { Severity } from '../../severity.ts';

/** QARK's severities: a vulnerability was confirmed, a warning may be one. */
const SEVERITIES: Readonly<Record<string, Severity>> = {
  VULNERABILITY: 'high',
  ERROR: 'high',
  WARNING: 'medium',
  INFO: 'info',
};

function issueDraft(issue: JsonObject): FindingDraft {
  const name = textAt(issue, 'name');
  const severityText = textAt(issue, 'severity');
  const [line, column] = listAt(issue, 'line_number');
  return {
    tool: 'qark',
    ruleId: name,
    kind: 'code',
    title: name,
    description: textAt(issue, 'description'),
    severity: lookUp(SEVERITIES, severityText) ?? 'medium',
    severityText,
    place: { file: textAt(issue, 'file_object'), line: positionAt(line), column: positionAt(column) },
    attributes: { category: textAt(issue, 'category') },
  };
}

export const importer = defineImporter({
  id: 'qark',
  title: 'QARK',
  formats: ['JSON of `qark --report-type json`'],
  kinds: ['code'],
  documentation: 'https://github.com/linkedin/qark',

  recognise({ shape, json }) {
    if (shape !== 'json' || !Array.isArray(json)) return 0;
    const first: unknown = json[0];
    return isObject(first) && 'apk_exploit_dict' in first && 'file_object' in first ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    // The same entry is written once for each decompiler.
    const seen = new Set<string>();
    reading.each(listAt(content.json), '', (issue) => {
      const key = JSON.stringify([
        issue['name'],
        issue['severity'],
        issue['file_object'],
        issue['line_number'],
        issue['description'],
        issue['category'],
      ]);
      if (seen.has(key)) return;
      seen.add(key);
      reading.add(issueDraft(issue));
    });
    return reading.finish({ tool: 'qark' });
  },
});
