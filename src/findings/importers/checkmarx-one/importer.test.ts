import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('results of every engine have their kind and place', () => {
  const { findings } = readOwnSample(importer, 'results.json');
  expect(findings[0]).toMatchObject({
    ruleId: 'SQL_Injection',
    kind: 'code',
    severity: 'high',
    cwe: [89],
    place: { file: 'shop/orders.py', line: 42, symbol: 'find' },
    otherPlaces: [{ file: 'shop/web.py', line: 13 }],
    decision: { state: 'false-positive' },
  });
  expect(findings[1]).toMatchObject({
    ruleId: 'CVE-2021-39139',
    kind: 'dependency',
    cvss: { score: 8.8 },
    cwe: [502],
    place: {
      package: {
        name: 'com.thoughtworks.xstream:xstream',
        version: '1.4.5',
        ecosystem: 'maven',
        fixedVersions: ['1.4.18'],
      },
    },
  });
  expect(findings[2]).toMatchObject({
    kind: 'secret',
    verified: true,
    place: { file: 'shop/settings.py', line: 4 },
  });
  expect(JSON.stringify(findings)).not.toMatch(/PLANTED|secret-hash/);
});

test('the report of a scan is read, code and infrastructure', () => {
  expect(readOwnSample(importer, 'report.json').findings).toMatchObject([
    { ruleId: 'Reflected_XSS', cwe: [79], place: { file: 'src/Customer.kt' } },
    { ruleId: 'Using Unrecommended Namespace', kind: 'infrastructure', place: { file: 'deploy/shop.yaml' } },
  ]);
});
