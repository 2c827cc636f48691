import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, positionAt, textAt, textsAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';

/** "FAIL: a definite violation; WARN: should be looked at" (cfn_nag's README). */
function severityOf(type: string | undefined): 'high' | 'medium' {
  return type === 'FAIL' ? 'high' : 'medium';
}

/** A violation names all resources that have it; each one is a place to mend. */
function readViolation(violation: JsonObject, file: string | undefined, reading: ReportReading): void {
  const resources = textsAt(violation, 'logical_resource_ids');
  const lines = listAt(violation, 'line_numbers');
  const type = textAt(violation, 'type');
  for (const [index, resource] of (resources.length > 0 ? resources : [undefined]).entries())
    reading.add({
      tool: 'cfn-nag',
      ruleId: textAt(violation, 'id'),
      kind: 'infrastructure',
      title: textAt(violation, 'message'),
      severity: severityOf(type),
      severityText: type,
      place: { file, resource, line: positionAt(lines[index]) },
      attributes: { rule: textAt(violation, 'name') },
    });
}

export const importer = defineImporter({
  id: 'cfn-nag',
  title: 'cfn_nag',
  formats: ['JSON of `cfn_nag_scan --output-format json`'],
  kinds: ['infrastructure'],
  documentation: 'https://github.com/stelligent/cfn_nag#results',

  recognise({ shape, json }) {
    if (shape !== 'json' || !Array.isArray(json)) return 0;
    const first: unknown = json[0];
    return isObject(first) && 'filename' in first && 'file_results' in first ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    reading.each(listAt(content.json), '', (result, at) => {
      const file = textAt(result, 'filename');
      reading.each(
        listAt(result, 'file_results', 'violations'),
        `${at}.file_results.violations`,
        (violation) => readViolation(violation, file, reading),
      );
    });
    return reading.finish({ tool: 'cfn-nag' });
  },
});
