import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('the table and the API name the same vulnerability', () => {
  const [row, ...licences] = readOwnSample(importer, 'issues.csv').findings;
  expect(licences).toEqual([]);
  const common = {
    ruleId: 'CVE-2022-31159',
    severity: 'medium',
    aliases: ['SRCCLR-36376'],
    place: { package: { name: 'com.amazonaws:aws-java-sdk-s3', version: '1.11.951', ecosystem: 'maven' } },
  };
  expect(row).toMatchObject({ ...common, cvss: { score: 6.4 }, toolFingerprint: '127637430' });
  expect(readOwnSample(importer, 'issues.json').findings[0]).toMatchObject({
    ...common,
    cvss: { score: 6.5 },
    cwe: [22],
    decision: { state: 'fixed' },
  });
});
