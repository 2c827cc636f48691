import { defineImporter } from '../../importer.ts';
import { isObject, listAt, textAt, valueAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { draftOfApi } from './api-finding.ts';
import { draftOfResult } from './result.ts';

const TOOL = 'semgrep';

function isResult(result: unknown): boolean {
  return (
    textAt(result, 'check_id') !== undefined &&
    isObject(valueAt(result, 'start')) &&
    isObject(valueAt(result, 'extra'))
  );
}

/** Semgrep AppSec Platform: `/api/v1/deployments/…/findings`. */
function isApiFinding(finding: unknown): boolean {
  return (
    textAt(finding, 'rule_name') !== undefined &&
    (valueAt(finding, 'match_based_id') !== undefined || valueAt(finding, 'triage_state') !== undefined)
  );
}

function isCleanRun(json: unknown): boolean {
  if (!Array.isArray(valueAt(json, 'results')) || !Array.isArray(valueAt(json, 'errors'))) return false;
  return (
    listAt(json, 'results').length === 0 &&
    (isObject(valueAt(json, 'paths')) || Object.keys(json ?? {}).length === 2)
  );
}

export const importer = defineImporter({
  id: TOOL,
  title: 'Semgrep',
  formats: [
    'JSON of `semgrep scan --json` and of Opengrep',
    'JSON of the findings API of Semgrep AppSec Platform',
  ],
  kinds: ['code', 'secret', 'dependency', 'pipeline', 'infrastructure', 'quality'],
  documentation: 'https://semgrep.dev/docs/semgrep-appsec-platform/json-and-sarif',
  recognise({ json }) {
    if (isResult(valueAt(json, 'results', 0)) || isApiFinding(valueAt(json, 'findings', 0))) return 2;
    return isCleanRun(json) ? 1 : 0;
  },
  read(content) {
    const { json } = content;
    const reading = new ReportReading(content);
    reading.each(listAt(json, 'results'), 'results', (result) => reading.add(draftOfResult(result)));
    reading.each(listAt(json, 'findings'), 'findings', (finding) => reading.add(draftOfApi(finding)));
    for (const error of listAt(json, 'errors')) {
      const message = textAt(error, 'message')?.split('\n', 1)[0] ?? textAt(error, 'type') ?? 'an error';
      reading.warn('errors', `Semgrep: ${message}`);
    }
    return reading.finish({ tool: TOOL, toolVersion: textAt(json, 'version') });
  },
});
