import { defineImporter } from '../../importer.ts';
import { isObject, listAt, objectAt, positionAt, textAt, textsAt } from '../../json-fields.ts';
import { lookUp } from '../../look-up.ts';
import { ReportReading } from '../../report-reading.ts';
import type { Severity } from '../../severity.ts';

/** An error is a template that would not deploy, not a hole; so none of the three is more than medium. */
const LEVELS: Readonly<Record<string, Severity>> = { Error: 'medium', Warning: 'low', Informational: 'info' };

export const importer = defineImporter({
  id: 'cfn-lint',
  title: 'cfn-lint',
  formats: ['JSON of `cfn-lint --format json`'],
  kinds: ['infrastructure'],
  documentation: 'https://github.com/aws-cloudformation/cfn-lint#parameters',

  recognise({ shape, json }) {
    if (shape !== 'json' || !Array.isArray(json)) return 0;
    const first: unknown = json[0];
    return isObject(first) && 'Filename' in first && 'Level' in first && objectAt(first, 'Rule') !== undefined
      ? 2
      : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    reading.each(listAt(content.json), '', (match) => {
      const level = textAt(match, 'Level');
      reading.add({
        tool: 'cfn-lint',
        ruleId: textAt(match, 'Rule', 'Id'),
        kind: 'infrastructure',
        title: textAt(match, 'Message'),
        description: textAt(match, 'Rule', 'Description'),
        severity: lookUp(LEVELS, level) ?? 'low',
        severityText: level,
        place: {
          file: textAt(match, 'Filename'),
          line: positionAt(match, 'Location', 'Start', 'LineNumber'),
          column: positionAt(match, 'Location', 'Start', 'ColumnNumber'),
          endLine: positionAt(match, 'Location', 'End', 'LineNumber'),
          endColumn: positionAt(match, 'Location', 'End', 'ColumnNumber'),
          resource: textsAt(match, 'Location', 'Path').join('.'),
        },
        references: textsAt(match, 'Rule', 'Source'),
      });
    });
    return reading.finish({ tool: 'cfn-lint' });
  },
});
