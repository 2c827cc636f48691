import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('kics scan --report-formats json', () => {
  const { findings, warnings } = readOwnSample(importer, 'sample.json');

  test('each file of a query is a finding with KICS’ own fingerprint', () => {
    expect(findings[0]).toMatchObject({
      kind: 'infrastructure',
      severity: 'critical',
      cwe: [732],
      place: { file: 'infra/s3.tf', line: 4, resource: 'aws_s3_bucket.logs' },
      remedy: "'acl' should be private",
      toolFingerprint: 'a1c8d1b9e5d3a5b7',
    });
  });

  test('the value of a secret is not kept, wherever KICS writes it', () => {
    expect(findings[1]).toMatchObject({ kind: 'secret', place: { file: 'infra/env.tf', line: 2 } });
    expect(JSON.stringify(findings[1])).not.toContain('PLANTED_SECRET');
  });

  test('files that could not be scanned are a warning', () => {
    expect(warnings).toMatchObject([{ message: 'KICS could not scan 1 files' }]);
  });
});
