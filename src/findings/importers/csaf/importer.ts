import { defineImporter } from '../../importer.ts';
import { listAt, textAt, timeAt, valueAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { readProducts } from './products.ts';
import { vulnerabilityDrafts } from './vulnerability.ts';

export const importer = defineImporter({
  id: 'csaf',
  title: 'CSAF',
  formats: ['JSON of CSAF 2.0 and 2.1: security advisories and VEX'],
  kinds: ['dependency', 'container'],
  documentation: 'https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html',

  recognise(content) {
    if (content.shape !== 'json') return 0;
    return textAt(content.json, 'document', 'csaf_version') === undefined ? 0 : 2;
  },

  read(content) {
    const reading = new ReportReading(content);
    const { json } = content;
    const version = textAt(json, 'document', 'csaf_version') ?? '';
    if (!version.startsWith('2.'))
      reading.warn(
        'document.csaf_version',
        `version ${version.slice(0, 20)} is not known; it is read as 2.0`,
      );
    const products = readProducts(valueAt(json, 'product_tree'));
    const tracking = {
      id: textAt(json, 'document', 'tracking', 'id'),
      publisher: textAt(json, 'document', 'publisher', 'name'),
    };
    reading.each(listAt(json, 'vulnerabilities'), 'vulnerabilities', (vulnerability) => {
      for (const draft of vulnerabilityDrafts(vulnerability, products, tracking)) reading.add(draft);
    });
    return reading.finish({
      tool: 'csaf',
      ranAtMs: timeAt(json, 'document', 'tracking', 'current_release_date'),
    });
  },
});
