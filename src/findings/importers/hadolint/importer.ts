import { defineImporter } from '../../importer.ts';
import { isObject, listAt, positionAt, textAt } from '../../json-fields.ts';
import { lookUp } from '../../look-up.ts';
import { ReportReading } from '../../report-reading.ts';
import type { Severity } from '../../severity.ts';

/** Levels of Hadolint and of the ShellCheck within it: what breaks or endangers builds, down to taste. */
const LEVELS: Readonly<Record<string, Severity>> = {
  error: 'high',
  warning: 'medium',
  info: 'low',
  style: 'info',
};

function documentationOf(code: string): string {
  return code.startsWith('SC')
    ? `https://www.shellcheck.net/wiki/${code}`
    : `https://github.com/hadolint/hadolint/wiki/${code}`;
}

export const importer = defineImporter({
  id: 'hadolint',
  title: 'Hadolint',
  formats: ['JSON of `hadolint -f json`'],
  kinds: ['infrastructure'],
  documentation: 'https://github.com/hadolint/hadolint#cli',

  recognise({ shape, json }) {
    if (shape !== 'json' || !Array.isArray(json)) return 0;
    const first: unknown = json[0];
    if (!isObject(first) || typeof first['file'] !== 'string' || !('level' in first)) return 0;
    return /^(?:DL|SC)\d{3,5}$/.test(textAt(first, 'code') ?? '') ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    reading.each(listAt(content.json), '', (problem) => {
      const code = textAt(problem, 'code');
      const level = textAt(problem, 'level');
      reading.add({
        tool: 'hadolint',
        ruleId: code,
        kind: 'infrastructure',
        title: textAt(problem, 'message'),
        severity: lookUp(LEVELS, level) ?? 'medium',
        severityText: level,
        place: {
          file: textAt(problem, 'file'),
          line: positionAt(problem, 'line'),
          column: positionAt(problem, 'column'),
        },
        references: code !== undefined && /^(?:DL|SC)\d{3,5}$/.test(code) ? [documentationOf(code)] : [],
      });
    });
    return reading.finish({ tool: 'hadolint' });
  },
});
