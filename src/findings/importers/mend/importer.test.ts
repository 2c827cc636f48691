import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('a finding of the API has its scores, its fix, and what became of it', () => {
  const [finding] = readOwnSample(importer, 'findings.json').findings;
  expect(finding).toMatchObject({
    ruleId: 'CVE-2022-42004',
    severity: 'high',
    cvss: { score: 7.5 },
    epss: 0.003,
    place: { package: { name: 'com.fasterxml.jackson.core:jackson-databind', ecosystem: 'maven' } },
    remedy: 'Upgrade to version: com.fasterxml.jackson.core:jackson-databind:2.13.4',
    decision: { state: 'fixed' },
  });
});

test('the older report is read too', () => {
  expect(readOwnSample(importer, 'report.json').findings[0]).toMatchObject({
    ruleId: 'WS-2019-0379',
    severity: 'medium',
    place: { file: 'lib/commons-codec-1.6.jar', package: { version: '1.6' } },
  });
});
