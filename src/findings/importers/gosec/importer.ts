import { defineImporter } from '../../importer.ts';
import {
  booleanAt,
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  positionAt,
  textAt,
} from '../../json-fields.ts';
import { codeOfLines } from '../../report-code.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';
import type { FindingDraft } from '../../build-reported-finding.ts';
import { lookUp } from '../../look-up.ts';
import type { ReportedDecision } from '../../reported-finding.ts';
import type { Confidence } from '../../severity.ts';

const CONFIDENCES: Readonly<Record<string, Confidence>> = { HIGH: 'high', MEDIUM: 'medium', LOW: 'low' };

function decisionOf(issue: JsonObject): ReportedDecision | undefined {
  const suppressions = listAt(issue, 'suppressions');
  if (suppressions.length === 0 && booleanAt(issue, 'nosec') !== true) return undefined;
  const reason = textAt(suppressions[0], 'justification');
  return { state: 'accepted', reason: reason?.slice(0, 2_000) ?? '#nosec' };
}

function issueDraft(issue: JsonObject): FindingDraft {
  // A place of several lines is written `64-66`.
  const [first, last] = (textAt(issue, 'line') ?? '').split('-', 2);
  const line = positionAt({ line: first }, 'line');
  const endLine = positionAt({ line: last }, 'line');
  const rule = textAt(issue, 'rule_id');
  const severityText = textAt(issue, 'severity');
  const cwe = numberAt(issue, 'cwe', 'id');
  return {
    tool: 'gosec',
    ruleId: rule,
    // G101 looks for hard-coded credentials, and shows them.
    kind: rule === 'G101' ? 'secret' : 'code',
    title: textAt(issue, 'details'),
    severity: severityOfWord(severityText) ?? 'medium',
    severityText,
    confidence: lookUp(CONFIDENCES, textAt(issue, 'confidence')),
    cwe: cwe === undefined ? [] : [cwe],
    place: { file: textAt(issue, 'file'), line, endLine, column: positionAt(issue, 'column') },
    snippet: codeOfLines(textAt(issue, 'code'), line, endLine),
    references: [textAt(issue, 'cwe', 'url')].filter((url) => url !== undefined),
    decision: decisionOf(issue),
  };
}

export const importer = defineImporter({
  id: 'gosec',
  title: 'gosec',
  formats: ['JSON of `gosec -fmt=json`'],
  kinds: ['code', 'secret'],
  documentation: 'https://github.com/securego/gosec#output-formats',

  recognise({ shape, json }) {
    if (shape !== 'json' || !isObject(json) || !('Issues' in json)) return 0;
    return objectAt(json, 'Stats') !== undefined || textAt(listAt(json, 'Issues')[0], 'rule_id') !== undefined
      ? 2
      : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    reading.each(listAt(content.json, 'Issues'), 'Issues', (issue) => reading.add(issueDraft(issue)));
    for (const [file, errors] of Object.entries(objectAt(content.json, 'Golang errors') ?? {}))
      for (const error of Array.isArray(errors) ? errors : [])
        reading.warn(file, textAt(error, 'error') ?? 'this file could not be read');
    return reading.finish({ tool: 'gosec', toolVersion: textAt(content.json, 'GosecVersion') });
  },
});
