import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  positionAt,
  textAt,
  timeAt,
  valueAt,
} from '../../json-fields.ts';
import { codeOfLines } from '../../report-code.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';
import type { FindingDraft } from '../../build-reported-finding.ts';
import { lookUp } from '../../look-up.ts';
import type { Confidence } from '../../severity.ts';

const CONFIDENCES: Readonly<Record<string, Confidence>> = { HIGH: 'high', MEDIUM: 'medium', LOW: 'low' };
/** hardcoded_password_string, _funcarg, _default: their message shows the password. */
const PASSWORDS = new Set(['B105', 'B106', 'B107']);

function resultDraft(result: JsonObject): FindingDraft {
  const testId = textAt(result, 'test_id');
  const line = positionAt(result, 'line_number');
  const range = listAt(result, 'line_range').filter((each) => typeof each === 'number');
  const column = numberAt(result, 'col_offset');
  const endLine = range.at(-1);
  const severityText = textAt(result, 'issue_severity');
  const cwe = numberAt(result, 'issue_cwe', 'id');
  return {
    tool: 'bandit',
    ruleId: testId,
    kind: PASSWORDS.has(testId ?? '') ? 'secret' : 'code',
    title: textAt(result, 'issue_text'),
    description: '',
    severity: severityOfWord(severityText) ?? 'medium',
    severityText,
    confidence: lookUp(CONFIDENCES, textAt(result, 'issue_confidence')),
    cwe: cwe === undefined ? [] : [cwe],
    place: {
      file: textAt(result, 'filename'),
      line,
      // Offsets count from 0; -1 stands for "not known".
      column: column === undefined ? undefined : positionAt(column + 1),
      endLine: positionAt(endLine),
    },
    snippet: codeOfLines(textAt(result, 'code'), line, positionAt(endLine)),
    references: [textAt(result, 'more_info'), textAt(result, 'issue_cwe', 'link')].filter(
      (url) => url !== undefined,
    ),
    attributes: { test: textAt(result, 'test_name') },
  };
}

export const importer = defineImporter({
  id: 'bandit',
  title: 'Bandit',
  formats: ['JSON of `bandit -f json`'],
  kinds: ['code', 'secret'],
  documentation: 'https://bandit.readthedocs.io/en/latest/formatters/json.html',

  recognise({ shape, json }) {
    if (shape !== 'json' || !isObject(json) || !Array.isArray(json['results'])) return 0;
    const first = json['results'][0];
    if (first !== undefined)
      return textAt(first, 'test_id') !== undefined && textAt(first, 'issue_text') !== undefined ? 2 : 0;
    return isObject(valueAt(json, 'metrics', '_totals')) && 'generated_at' in json ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    reading.each(listAt(content.json, 'results'), 'results', (result) => reading.add(resultDraft(result)));
    for (const error of listAt(content.json, 'errors'))
      reading.warn(
        textAt(error, 'filename') ?? 'errors',
        `not scanned: ${textAt(error, 'reason') ?? 'no reason given'}`,
      );
    return reading.finish({ tool: 'bandit', ranAtMs: timeAt(content.json, 'generated_at') });
  },
});
