import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('what passed is no finding, and what is ignored is decided', () => {
  const { findings } = readOwnSample(importer, 'report.json');
  expect(findings.map(({ ruleId, severity, decision }) => [ruleId, severity, decision?.state])).toEqual([
    ['CIS-DI-0010', 'critical', undefined],
    ['CIS-DI-0001', 'medium', undefined],
    ['CIS-DI-0005', 'info', 'accepted'],
  ]);
  expect(findings[0]?.description).toContain('DB_PASSWORD=…');
  expect(findings[1]).toMatchObject({
    place: { image: 'acme/shop:1.4.0' },
    description: '- Last user should not be root',
  });
});
