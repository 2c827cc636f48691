import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('a check of the table that failed is a finding; muted ones are decided, manual ones are counted', () => {
  const { findings, warnings } = readOwnSample(importer, 'checks.csv');
  expect(findings).toHaveLength(2);
  expect(findings[0]).toMatchObject({
    ruleId: 's3_bucket_public',
    severity: 'critical',
    place: { resource: 'arn:aws:s3:::receipts' },
    toolFingerprint: 'prowler-aws-s3_bucket_public-1',
    remedy: 'Block public access.',
    attributes: { account: '123456789012', region: 'eu-west-1' },
  });
  expect(findings[1]?.decision?.state).toBe('accepted');
  expect(warnings[0]?.message).toMatch(/^1 checks/);
});

test('OCSF says the same', () => {
  expect(readOwnSample(importer, 'checks.ocsf.json')).toMatchObject({
    toolVersion: '5.4.0',
    findings: [
      {
        ruleId: 'appinsights_ensure_is_configured',
        severity: 'low',
        place: { resource: 'AppInsights' },
        references: ['https://docs.prowler.com/checks/azure/appinsights'],
        attributes: { provider: 'azure', service: 'appinsights' },
      },
    ],
  });
});

test('the JSON of version 3 says the same', () => {
  expect(readOwnSample(importer, 'checks-v3.json').findings).toMatchObject([
    {
      ruleId: 'iam_root_mfa',
      severity: 'high',
      place: { resource: 'arn:aws:iam::123456789012:root' },
      toolFingerprint: 'prowler-aws-iam_root_mfa-1',
      attributes: { account: '123456789012', service: 'iam' },
    },
  ]);
});
