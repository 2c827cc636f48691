import { defineImporter } from '../../importer.ts';
import { isObject, listAt, objectAt, textAt, textsAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';

/** What was looked at and found in order, or left out. */
const NO_FINDING = new Set(['PASS', 'SKIP']);

/** "Suspicious ENV key found : DB_PASSWORD on ENV DB_PASSWORD=…": Dockle shows the value. */
function maskValue(alert: string): string {
  return alert.replaceAll(/=[^\s]{1,4000}/g, '=…');
}

export const importer = defineImporter({
  id: 'dockle',
  title: 'Dockle',
  formats: ['JSON of `dockle -f json`'],
  kinds: ['container'],
  documentation: 'https://github.com/goodwithtech/dockle#level',

  recognise({ shape, json }) {
    if (shape !== 'json' || !isObject(json) || !Array.isArray(json['details'])) return 0;
    const summary = objectAt(json, 'summary');
    return summary !== undefined && 'fatal' in summary && 'warn' in summary && 'pass' in summary ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const image = textAt(content.json, 'image');
    reading.each(listAt(content.json, 'details'), 'details', (detail) => {
      const level = textAt(detail, 'level');
      if (NO_FINDING.has(level ?? '')) return;
      reading.add({
        tool: 'dockle',
        ruleId: textAt(detail, 'code'),
        kind: 'container',
        title: textAt(detail, 'title'),
        description: textsAt(detail, 'alerts')
          .slice(0, 200)
          .map((alert) => `- ${maskValue(alert)}`)
          .join('\n'),
        severity: severityOfWord(level) ?? 'info',
        severityText: level,
        place: { image },
        // `--ignore` and a .dockleignore leave it in the report.
        decision: level === 'IGNORE' ? { state: 'accepted', reason: 'ignored in Dockle' } : undefined,
      });
    });
    return reading.finish({ tool: 'dockle', target: { image } });
  },
});
