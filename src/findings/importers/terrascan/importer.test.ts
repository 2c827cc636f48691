import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('terrascan scan -o json', () => {
  const { findings, warnings } = readOwnSample(importer, 'sample.json');

  test('a violation has its resource; a skipped one is decided', () => {
    expect(findings).toMatchObject([
      {
        ruleId: 'AC_AWS_0214',
        aliases: ['s3Versioning'],
        place: { file: 's3.tf', line: 3, resource: 'aws_s3_bucket.logs' },
      },
      { ruleId: 'AC_AWS_0497', decision: { state: 'accepted', reason: 'logs are kept elsewhere' } },
    ]);
  });

  test('that a folder has no files of a kind is no warning, that one could not be read is', () => {
    expect(warnings).toMatchObject([
      { message: 'Terrascan could not read /src/shop/broken: failed to load config file' },
    ]);
  });
});
