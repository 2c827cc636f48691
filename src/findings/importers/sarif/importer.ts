import { defineImporter } from '../../importer.ts';
import { isSarif, readSarif } from '../../report-sarif/read-sarif.ts';

/** SARIF of any tool. The findings are those of the tool that the run names: `checkov`, not `sarif`. */
export const importer = defineImporter({
  id: 'sarif',
  title: 'SARIF',
  formats: ['SARIF 2.1.0 of any tool, also of `vouchgate scan --format sarif`'],
  kinds: [
    'pipeline',
    'code',
    'infrastructure',
    'secret',
    'dependency',
    'container',
    'web',
    'licence',
    'quality',
  ],
  documentation: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html',
  recognise: ({ json }) => (isSarif(json) ? 2 : 0),
  read: ({ json }) => readSarif(json),
});
