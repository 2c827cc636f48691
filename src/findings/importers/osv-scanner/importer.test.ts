import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('osv-scanner --format json', () => {
  const { findings } = readOwnSample(importer, 'sample.json');

  test('what several databases say of one flaw is one finding with all its names', () => {
    expect(findings).toHaveLength(2);
    expect(findings[0]).toMatchObject({
      ruleId: 'GHSA-462w-v97r-4m45',
      severity: 'high',
      cvss: { score: 8.6 },
      cwe: [693],
      aliases: ['PYSEC-2019-217', 'CVE-2019-10906'],
      place: {
        file: '/src/shop/poetry.lock',
        package: { purl: 'pkg:pypi/jinja2@2.4.1', fixedVersions: ['2.10.1'] },
      },
      attributes: { called: 'false', dependencyGroups: 'dev' },
    });
  });

  test('a malicious package is critical though it has no score', () => {
    expect(findings[1]).toMatchObject({ ruleId: 'MAL-2026-1', severity: 'critical' });
  });
});

test('packages of a system are of the container; a licence that is not allowed is a finding', () => {
  const found = { name: 'bash', version: '5.2', ecosystem: 'Debian:12' };
  const packages = [
    { package: found, vulnerabilities: [{ id: 'CVE-2024-1' }], license_violations: ['GPL-3.0'] },
  ];
  const { findings } = readJson(importer, {
    results: [{ packageSource: { path: '/img', type: 'docker' }, packages }],
  });
  expect(findings.map(({ kind, ruleId }) => [kind, ruleId])).toEqual([
    ['licence', 'GPL-3.0'],
    ['container', 'CVE-2024-1'],
  ]);
});
