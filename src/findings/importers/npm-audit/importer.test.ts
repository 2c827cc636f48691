import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('npm 7 and later', () => {
  const { findings } = readOwnSample(importer, 'sample.json');

  test('each advisory is a finding; packages that are only affected through others are none', () => {
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(['GHSA-jf85-cpcp-j695', 'GHSA-35jh-r3h4-6jhm']);
  });

  test('the way to each place of the package is kept, and what to change', () => {
    expect(findings[0]).toMatchObject({
      severity: 'critical',
      cvss: { score: 9.1 },
      cwe: [1321],
      place: { package: { purl: 'pkg:npm/lodash', dependencyPath: ['lodash'] } },
      otherPlaces: [{ package: { dependencyPath: ['old', 'lodash'] } }],
      remedy: 'Change acme-ui to 3.0.0, which is another major version.',
    });
  });

  test('a score of 0 means that there is none', () => {
    expect(findings[1]).not.toHaveProperty('cvss');
  });

  test('an audit that failed is a warning', () => {
    expect(readOwnSample(importer, 'clean-error.json').warnings).toMatchObject([
      { message: 'npm could not audit: This command requires an existing lockfile.' },
    ]);
  });
});

test('npm 6: one finding for each advisory, versions and ways are places', () => {
  const [finding] = readOwnSample(importer, 'version-6.json').findings;
  expect(finding).toMatchObject({
    ruleId: 'GHSA-jf85-cpcp-j695',
    cwe: [1321, 20],
    aliases: ['CVE-2019-10744'],
    place: {
      package: { version: '4.17.20', fixedVersions: ['4.17.12'], dependencyPath: ['shop', 'lodash'] },
    },
  });
  expect(finding?.otherPlaces.map((place) => place.package?.version)).toEqual(['4.17.20', '3.10.1']);
});
