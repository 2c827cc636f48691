import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('cargo audit --json', () => {
  const { findings } = readOwnSample(importer, 'sample.json');

  test('the score is computed from the vector', () => {
    expect(findings[0]).toMatchObject({
      ruleId: 'RUSTSEC-2020-0071',
      severity: 'medium',
      cvss: { score: 5.5 },
      aliases: ['CVE-2020-26235'],
      place: { package: { purl: 'pkg:cargo/time@0.1.43', fixedVersions: ['0.2.23'] } },
    });
  });

  test('warnings are information', () => {
    expect(findings.slice(1)).toMatchObject([
      { ruleId: 'RUSTSEC-2021-0139', severity: 'info', attributes: { category: 'unmaintained' } },
      { ruleId: 'yanked', severity: 'info' },
    ]);
  });
});
