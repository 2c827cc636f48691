import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('trivy image --format json', () => {
  const { findings, target, ranAtMs } = readOwnSample(importer, 'image.json');
  const byKind = (kind: string) => findings.filter((finding) => finding.kind === kind);

  test('packages of the system and of applications are told apart', () => {
    expect(byKind('container')).toHaveLength(3);
    expect(byKind('dependency')).toMatchObject([
      {
        place: { file: 'app/node_modules/lodash/package.json', package: { purl: 'pkg:npm/lodash@4.17.20' } },
      },
    ]);
    expect(target).toEqual({ image: 'acme/shop:1.4' });
    expect(ranAtMs).toBe(Date.parse('2026-03-02T10:15:00Z'));
  });

  test('a vulnerability has its score, its fixed versions and the other names', () => {
    expect(byKind('container')[0]).toMatchObject({
      ruleId: 'CVE-2023-45853',
      severity: 'critical',
      cvss: { score: 9.8 },
      cwe: [190],
      aliases: ['DSA-5600-1'],
      place: { package: { purl: 'pkg:deb/debian/zlib1g@1.2.13?epoch=1', fixedVersions: ['1:1.3', '1:1.4'] } },
    });
  });

  test('what the maker says does not affect, and what .trivyignore took out, is decided', () => {
    expect(byKind('container').map(({ decision }) => decision?.state)).toEqual([
      undefined,
      'not-affected',
      'accepted',
    ]);
  });

  test('a check that passed is no finding', () => {
    expect(byKind('infrastructure').map(({ ruleId }) => ruleId)).toEqual(['AVD-DS-0002']);
  });

  test('of a secret neither the match nor the lines are kept', () => {
    expect(byKind('secret')).toMatchObject([{ place: { file: 'app/.env', line: 2 } }]);
    expect(JSON.stringify(findings)).not.toContain('PLANTED_SECRET');
  });

  test('a licence names the package', () => {
    expect(byKind('licence')).toMatchObject([{ ruleId: 'GPL-3.0', place: { package: { name: 'bash' } } }]);
  });
});

test('trivy k8s: the object of the cluster is the resource', () => {
  const { findings, warnings } = readOwnSample(importer, 'cluster.json');
  expect(findings).toMatchObject([
    { place: { resource: 'Deployment/cart' }, attributes: { namespace: 'shop' } },
  ]);
  expect(warnings).toMatchObject([{ message: 'Trivy could not look at Pod/web: image not found' }]);
});

test('reports of Trivy Operator: only what failed', () => {
  const { findings } = readOwnSample(importer, 'operator.json');
  expect(findings.map(({ kind, ruleId }) => [kind, ruleId])).toEqual([
    ['container', 'CVE-2023-45853'],
    ['infrastructure', 'KSV014'],
    ['secret', 'aws-access-key-id'],
    ['infrastructure', '4.2.9'],
  ]);
  expect(findings[0]?.place).toMatchObject({
    resource: 'Deployment/cart',
    image: 'index.docker.io/acme/cart:1.4',
  });
});

test('the list of versions before 0.20', () => {
  const old = [
    { Target: 'go.sum', Type: 'gomod', Vulnerabilities: [{ VulnerabilityID: 'CVE-2020-1', PkgName: 'a/b' }] },
  ];
  expect(readJson(importer, old).findings).toMatchObject([
    { place: { package: { purl: 'pkg:golang/a/b' } } },
  ]);
});
