import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test.each(['sample.json', 'sample.txt'])('%s: the gem with its names and severity', (name) => {
  expect(readOwnSample(importer, name).findings[0]).toMatchObject({
    ruleId: 'CVE-2022-30122',
    severity: 'high',
    aliases: ['GHSA-hxqx-xwvh-44m2'],
    place: { package: { purl: 'pkg:gem/rack@2.2.3' } },
  });
});

describe('an unprotected source of gems', () => {
  test('is a finding of its own', () => {
    expect(readOwnSample(importer, 'sample.json').findings[1]).toMatchObject({
      ruleId: 'insecure_source',
      place: { file: 'Gemfile', url: 'http://gems.acme.example/' },
    });
  });
});
