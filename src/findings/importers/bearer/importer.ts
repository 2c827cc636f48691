import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, positionAt, textAt, textsAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import type { FindingDraft } from '../../build-reported-finding.ts';
import { lookUp } from '../../look-up.ts';
import type { FindingKind } from '../../reported-finding.ts';
import type { Severity } from '../../severity.ts';

/** Bearer's severities; a warning is a rule that found no sensitive data in what the code handles. */
const SEVERITIES: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  warning: 'info',
};

/** Its detector of secrets is Gitleaks. */
function kindOf(rule: string | undefined): FindingKind {
  return rule?.startsWith('gitleaks') === true ? 'secret' : 'code';
}

function findingDraft(finding: JsonObject, level: string): FindingDraft {
  const rule = textAt(finding, 'id');
  return {
    tool: 'bearer',
    ruleId: rule,
    kind: kindOf(rule),
    title: textAt(finding, 'title'),
    description: textAt(finding, 'description'),
    severity: lookUp(SEVERITIES, level) ?? 'medium',
    severityText: level,
    cwe: textsAt(finding, 'cwe_ids').map(Number),
    place: {
      file: textAt(finding, 'full_filename') ?? textAt(finding, 'filename'),
      line: positionAt(finding, 'line_number'),
      endLine: positionAt(finding, 'sink', 'end'),
      column: positionAt(finding, 'sink', 'column', 'start'),
      endColumn: positionAt(finding, 'sink', 'column', 'end'),
    },
    snippet: textAt(finding, 'code_extract') ?? textAt(finding, 'snippet'),
    references: textsAt(finding, 'documentation_url'),
    // Rule, file, and the how manieth it is there: it survives moved lines. Not for secrets.
    toolFingerprint: kindOf(rule) === 'secret' ? undefined : textAt(finding, 'fingerprint'),
    attributes: { dataGroups: textsAt(finding, 'category_groups').join(', ') },
  };
}

/** Findings with their level: by level up to 1.x, as one list with `jsonv2`. */
function* findingsOf(
  json: JsonObject,
): Generator<{ level: string; at: string; findings: readonly unknown[] }> {
  for (const level of Object.keys(SEVERITIES)) yield { level, at: level, findings: listAt(json, level) };
}

function isFinding(value: unknown): boolean {
  return isObject(value) && 'fingerprint' in value && 'full_filename' in value && 'line_number' in value;
}

export const importer = defineImporter({
  id: 'bearer',
  title: 'Bearer CLI',
  formats: ['JSON of `bearer scan --format json` and `jsonv2`'],
  kinds: ['code', 'secret'],
  documentation: 'https://docs.bearer.com/reference/commands/#bearer_scan',

  recognise({ shape, json }) {
    if (shape !== 'json' || !isObject(json)) return 0;
    const firsts = [
      listAt(json, 'findings')[0],
      ...Object.keys(SEVERITIES).map((level) => listAt(json, level)[0]),
    ];
    return firsts.some(isFinding) ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const json = isObject(content.json) ? content.json : {};
    for (const { level, at, findings } of findingsOf(json))
      reading.each(findings, at, (finding) => reading.add(findingDraft(finding, level)));
    reading.each(listAt(json, 'findings'), 'findings', (finding) =>
      reading.add(findingDraft(finding, textAt(finding, 'severity') ?? '')),
    );
    return reading.finish({ tool: 'bearer', toolVersion: textAt(json, 'version') });
  },
});
