import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('what is in order is no finding, and a test that failed is a warning', () => {
  const { findings, warnings } = readOwnSample(importer, 'report.csv');
  expect(findings).toMatchObject([
    { ruleId: 'service', severity: 'info' },
    {
      ruleId: 'heartbleed',
      severity: 'critical',
      cwe: [119],
      aliases: ['CVE-2014-0160'],
      place: { host: 'shop.acme.example:443' },
    },
  ]);
  expect(warnings).toEqual([{ at: 'engine_problem', message: 'No engine support' }]);
});

test('both kinds of JSON say the same', () => {
  expect(readOwnSample(importer, 'pretty.json').findings).toMatchObject([
    { ruleId: 'TLS1', severity: 'low', place: { host: 'shop.acme.example:443' } },
    { ruleId: 'POODLE_SSL', severity: 'high' },
  ]);
  expect(readOwnSample(importer, 'flat.json').findings).toMatchObject([
    { ruleId: 'TLS1', place: { host: 'shop.acme.example:443' } },
  ]);
});
