import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('grype -o json', () => {
  const { findings, target, toolVersion } = readOwnSample(importer, 'sample.json');

  test('a package in several files of an image is one finding', () => {
    expect({ target, toolVersion }).toEqual({ target: { image: 'acme/shop:1.4' }, toolVersion: '0.100.0' });
    expect(findings[0]).toMatchObject({
      kind: 'dependency',
      ruleId: 'GHSA-v6rh-hp5x-86rv',
      severity: 'high',
      cvss: { score: 7.3 },
      epss: 0.0021,
      exploited: true,
      aliases: ['CVE-2021-44420'],
      otherPlaces: [{ file: '/opt/venv/Django-3.2.9.dist-info/METADATA' }],
    });
  });

  test('a match that was ignored is decided with the reason of its rule', () => {
    expect(findings[1]).toMatchObject({
      kind: 'container',
      decision: { state: 'accepted', reason: 'not reachable' },
    });
  });
});
