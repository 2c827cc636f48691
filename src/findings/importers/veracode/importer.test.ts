import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('flaws and components of the detailed report are read with what was mitigated', () => {
  const { findings } = readOwnSample(importer, 'report.xml');
  expect(findings[0]).toMatchObject({
    ruleId: 'CWE-113',
    kind: 'code',
    title: 'HTTP Response Splitting',
    severity: 'medium',
    place: { file: 'com/acme/shop/Web.java', line: 12 },
    remedy: 'Filter input.\n- Use an encoder.',
    toolFingerprint: '402332:18',
    decision: { state: 'false-positive', reason: 'The value is a number.', by: 'ada' },
  });
  expect(findings[1]).toMatchObject({
    kind: 'web',
    severity: 'critical',
    place: { url: 'https://shop.acme.example/go', parameter: 'to' },
    decision: { state: 'fixed' },
  });
  expect(findings[2]).toMatchObject({
    ruleId: 'CVE-2018-10054',
    kind: 'dependency',
    cwe: [20],
    place: { package: { name: 'com.h2database:h2', version: '2.1.214', ecosystem: 'maven' } },
  });
});

test('the findings API says the same in JSON', () => {
  expect(readOwnSample(importer, 'findings.json').findings).toMatchObject([
    {
      ruleId: 'CWE-79',
      severity: 'high',
      place: { file: 'com/acme/Web.java', line: 33 },
      decision: { state: 'accepted' },
    },
    {
      ruleId: 'CVE-2023-20883',
      severity: 'low',
      cvss: { score: 7.5 },
      place: { package: { version: '2.5.14' } },
    },
  ]);
});
