import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('XML of Dependency-Check', () => {
  const { findings, toolVersion } = readOwnSample(importer, 'sample.xml');

  test('the file, the package and the same package in other files', () => {
    expect(toolVersion).toBe('12.1.0');
    expect(findings[0]).toMatchObject({
      ruleId: 'CVE-2021-44228',
      severity: 'critical',
      cvss: { score: 10 },
      exploited: true,
      cwe: [502, 400],
      place: {
        file: '/src/shop/lib/log4j-core-2.14.1.jar',
        package: { ecosystem: 'maven', version: '2.14.1' },
      },
      otherPlaces: [{ file: '/src/shop/war/log4j-core-2.14.1.jar' }],
    });
  });

  test('a suppressed vulnerability is accepted with its notes', () => {
    expect(findings[1]?.decision).toEqual({ state: 'accepted', reason: 'no lookups in the layout' });
  });
});

test('JSON of Dependency-Check: a package in a lock file is in that file', () => {
  expect(readOwnSample(importer, 'sample.json').findings).toMatchObject([
    { ruleId: 'GHSA-29mw-wpgm-hmr9', severity: 'medium', place: { file: '/src/shop/package-lock.json' } },
    { ruleId: 'CVE-2021-23337', decision: { state: 'accepted', reason: 'not used' } },
  ]);
});
