import { defineImporter } from '../../importer.ts';
import { isObject, listAt, timeAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { xmlRootName } from '../../xml-root-name.ts';
import { readDetailedReport } from './read-detailed-report.ts';
import { findingDraft } from './read-findings.ts';

function findingsOf(json: unknown): readonly unknown[] {
  const embedded = listAt(json, '_embedded', 'findings');
  return embedded.length > 0 ? embedded : listAt(json, 'findings');
}

export const importer = defineImporter({
  id: 'veracode',
  title: 'Veracode',
  formats: ['Detailed report as XML', 'JSON of the Findings API'],
  kinds: ['code', 'web', 'dependency'],
  documentation: 'https://docs.veracode.com/r/c_findings_v2_intro',

  recognise(content) {
    if (content.shape === 'xml')
      return xmlRootName(content) === 'detailedreport' && /veracode/i.test(content.head) ? 2 : 0;
    if (content.shape !== 'json') return 0;
    const [first] = findingsOf(content.json);
    return isObject(first) && 'scan_type' in first && isObject(first['finding_details']) ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    if (content.shape === 'xml') {
      for (const draft of readDetailedReport(content.xml)) reading.add(draft);
      return reading.finish({ tool: 'veracode', ranAtMs: timeAt(content.xml.attributes['generation_date']) });
    }
    reading.each(findingsOf(content.json), 'findings', (finding) => reading.add(findingDraft(finding)));
    return reading.finish({ tool: 'veracode' });
  },
});
