import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('an entry is a finding at its address, without the request', () => {
  const report = readOwnSample(importer, 'report.json');
  expect(report).toMatchObject({
    toolVersion: '3.1.8',
    findings: [
      {
        ruleId: 'SQL Injection',
        severity: 'critical',
        cwe: [89],
        place: { url: 'https://shop.acme.example/orders?id=1', method: 'GET', parameter: 'id' },
        remedy: 'Bind parameters.',
      },
    ],
  });
  expect(JSON.stringify(report)).not.toContain('stays-out');
});

test('XML says the same', () => {
  expect(readOwnSample(importer, 'report.xml').findings).toMatchObject([
    {
      ruleId: 'Cross Site Scripting',
      severity: 'medium',
      cwe: [79],
      place: { url: 'https://shop.acme.example/search' },
    },
  ]);
});
