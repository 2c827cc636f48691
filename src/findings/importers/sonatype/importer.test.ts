import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('an issue of a component is a finding, with what was decided', () => {
  expect(readOwnSample(importer, 'report.json').findings).toMatchObject([
    {
      ruleId: 'CVE-2020-8203',
      severity: 'high',
      cvss: { score: 7.4 },
      cwe: [1321],
      place: {
        file: 'web/node_modules/lodash/_DataView.js',
        package: { name: 'lodash', version: '4.17.15', ecosystem: 'npm' },
      },
      otherPlaces: [{ file: 'web/node_modules/lodash/_Hash.js' }],
    },
    { ruleId: 'sonatype-2019-0467', severity: 'critical', decision: { state: 'not-affected' } },
  ]);
});
