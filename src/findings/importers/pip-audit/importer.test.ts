import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('pip-audit --format json', () => {
  const { findings, warnings } = readOwnSample(importer, 'sample.json');

  test('a vulnerability has its other names and where it is mended', () => {
    expect(findings).toMatchObject([
      {
        ruleId: 'PYSEC-2019-217',
        aliases: ['CVE-2019-10906', 'GHSA-462w-v97r-4m45'],
        place: { package: { purl: 'pkg:pypi/jinja2@2.4.1', fixedVersions: ['2.10.1'] } },
      },
    ]);
  });

  test('a package that was not audited is a warning', () => {
    expect(warnings).toMatchObject([
      { message: 'acme-internal was not audited: Dependency not found on PyPI' },
    ]);
  });
});

test('the list of versions before 2.1', () => {
  expect(readOwnSample(importer, 'version-2.0.json').findings).toHaveLength(1);
});
