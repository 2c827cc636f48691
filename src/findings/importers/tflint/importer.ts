import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, positionAt, textAt, valueAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import type { Severity } from '../../severity.ts';

const TOOL = 'tflint';

/**
 * TFLint's levels are about whether a plan works, not about attackers: `error` would fail, `warning` is no good
 * practice, `notice` is a matter of style (TFLint's developer guide, "Severity").
 */
const SEVERITIES: Readonly<Record<string, Severity>> = {
  error: 'medium',
  warning: 'low',
  notice: 'info',
  info: 'info',
};

function placeOf(range: unknown): PlaceDraft {
  return {
    file: textAt(range, 'filename'),
    line: positionAt(range, 'start', 'line'),
    column: positionAt(range, 'start', 'column'),
    endLine: positionAt(range, 'end', 'line'),
    endColumn: positionAt(range, 'end', 'column'),
  };
}

function draftOf(issue: JsonObject): FindingDraft {
  const word = textAt(issue, 'rule', 'severity')?.toLowerCase();
  const link = textAt(issue, 'rule', 'link');
  return {
    tool: TOOL,
    kind: 'infrastructure',
    ruleId: textAt(issue, 'rule', 'name'),
    title: textAt(issue, 'message'),
    severity: (word !== undefined && Object.hasOwn(SEVERITIES, word) ? SEVERITIES[word] : undefined) ?? 'low',
    severityText: word,
    place: placeOf(valueAt(issue, 'range')),
    // Calls of the module in which it stands.
    otherPlaces: listAt(issue, 'callers').slice(0, 50).map(placeOf),
    remedy: valueAt(issue, 'fixable') === true ? 'Run `tflint --fix`.' : undefined,
    references: link === undefined ? [] : [link],
    decision:
      valueAt(issue, 'fixed') === true ? { state: 'fixed', reason: 'mended by `tflint --fix`' } : undefined,
    attributes: { fixable: textAt(issue, 'fixable') },
  };
}

export const importer = defineImporter({
  id: TOOL,
  title: 'TFLint',
  formats: ['JSON of `tflint --format json`'],
  kinds: ['infrastructure'],
  documentation: 'https://github.com/terraform-linters/tflint/blob/master/docs/user-guide/README.md',
  recognise({ json }) {
    const issues = valueAt(json, 'issues');
    if (!Array.isArray(issues)) return 0;
    const first: unknown = issues[0];
    if (isObject(valueAt(first, 'rule')) && isObject(valueAt(first, 'range'))) return 2;
    // A clean run: both lists and nothing else.
    const keys = isObject(json) ? Object.keys(json) : [];
    return issues.length === 0 && Array.isArray(valueAt(json, 'errors')) && keys.length === 2 ? 2 : 0;
  },
  read(content) {
    const reading = new ReportReading(content);
    reading.each(listAt(content.json, 'issues'), 'issues', (issue) => reading.add(draftOf(issue)));
    reading.each(listAt(content.json, 'errors'), 'errors', (error, at) =>
      reading.warn(
        at,
        `TFLint failed: ${textAt(error, 'message') ?? textAt(error, 'summary') ?? 'an error'}`,
      ),
    );
    return reading.finish({ tool: TOOL });
  },
});
