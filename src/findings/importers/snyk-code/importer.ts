import { defineImporter } from '../../importer.ts';
import { driverNames, isSarif, readSarif } from '../../report-sarif/read-sarif.ts';

/** Snyk Code writes SARIF with properties of its own: `priorityScore`, `cwe` as a list, code flows with arguments. */
export const importer = defineImporter({
  id: 'snyk-code',
  title: 'Snyk Code',
  formats: ['SARIF of `snyk code test --sarif` and `--json`'],
  kinds: ['code'],
  documentation: 'https://docs.snyk.io/snyk-cli/commands/code-test',
  recognise({ json }) {
    if (!isSarif(json)) return 0;
    const names = driverNames(json);
    return names.length > 0 && names.every((name) => /^snyk ?code$/i.test(name)) ? 3 : 0;
  },
  read: ({ json }) => readSarif(json, { tool: 'snyk', kind: 'code' }),
});
