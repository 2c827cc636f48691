import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('checkov -o json', () => {
  const { findings, warnings, toolVersion } = readOwnSample(importer, 'sample.json');

  test('passed checks are no findings; skipped ones are decided with their comment', () => {
    expect(findings.map(({ ruleId, decision }) => [ruleId, decision?.reason])).toEqual([
      ['CKV_AWS_20', undefined],
      ['CKV_AWS_21', 'versions are kept elsewhere'],
      ['CKV_SECRET_2', undefined],
      ['CKV_GHA_2', undefined],
      ['CVE-2021-44228', undefined],
    ]);
    expect(toolVersion).toBe('3.2.470');
  });

  test('the framework says what it is about', () => {
    expect(findings.map(({ kind }) => kind)).toEqual([
      'infrastructure',
      'infrastructure',
      'secret',
      'pipeline',
      'dependency',
    ]);
  });

  test('the place is relative to where Checkov ran, with the resource and the lines', () => {
    expect(findings[0]).toMatchObject({
      place: { file: 'infra/s3.tf', line: 3, endLine: 5, resource: 'aws_s3_bucket.logs' },
      snippet: expect.stringContaining('public-read'),
      aliases: ['BC_AWS_S3_1'],
    });
  });

  test('a severity is Checkov’s where it gives one, else medium, and high for secrets', () => {
    expect(findings.map(({ severity }) => severity)).toEqual([
      'medium',
      'medium',
      'high',
      'high',
      'critical',
    ]);
  });

  test('of a secret neither the lines nor the hash are kept', () => {
    expect(findings[2]).not.toHaveProperty('snippet');
    expect(findings[2]?.place).not.toHaveProperty('resource');
  });

  test('a file that could not be parsed is a warning', () => {
    expect(warnings).toMatchObject([{ message: 'Checkov could not read /infra/broken.tf' }]);
  });

  test('one framework alone is no list', () => {
    const one = {
      check_type: 'terraform',
      results: { failed_checks: [{ check_id: 'CKV_AWS_1' }] },
      summary: {},
    };
    expect(readJson(importer, one).findings).toMatchObject([{ ruleId: 'CKV_AWS_1' }]);
  });
});
