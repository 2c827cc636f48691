import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('snyk test', () => {
  const { findings, warnings } = readOwnSample(importer, 'sample.json');

  test('a flaw is one finding, the other ways to the package are other places', () => {
    const [lodash] = findings.filter(({ ruleId }) => ruleId === 'SNYK-JS-LODASH-1018905');
    expect(lodash).toMatchObject({
      kind: 'dependency',
      severity: 'high',
      cvss: { score: 7.5 },
      cwe: [1333],
      aliases: ['CVE-2020-28500', 'GHSA-29mw-wpgm-hmr9'],
      place: {
        file: 'package-lock.json',
        package: { purl: 'pkg:npm/lodash@4.17.20', fixedVersions: ['4.17.21'] },
      },
    });
    expect(lodash?.otherPlaces.map((place) => place.package?.dependencyPath)).toEqual([
      ['acme-ui@2.0.0', 'lodash@4.17.20'],
    ]);
  });

  test('licences are no vulnerabilities, and what was ignored is decided', () => {
    expect(findings.map(({ kind, decision }) => [kind, decision?.reason])).toEqual([
      ['dependency', undefined],
      ['licence', undefined],
      ['dependency', 'not reachable'],
    ]);
  });

  test('a project that could not be tested is a warning', () => {
    expect(warnings).toMatchObject([
      { message: 'Snyk could not test /src/empty: Could not detect supported target files' },
    ]);
  });
});

test('snyk container test: packages of the system and of applications inside', () => {
  const { findings } = readOwnSample(importer, 'container.json');
  expect(findings).toMatchObject([
    { kind: 'container', epss: 0.00123, place: { image: 'acme/shop:1.4', package: { name: 'zlib1g' } } },
    { kind: 'dependency', place: { image: 'acme/shop:1.4', file: '/app/package.json' } },
  ]);
});

test('snyk iac test: the line, the resource and what to do', () => {
  expect(readOwnSample(importer, 'infrastructure.json').findings).toMatchObject([
    {
      kind: 'infrastructure',
      ruleId: 'SNYK-CC-TF-4',
      place: { file: 'infra/main.tf', line: 12 },
      remedy: expect.any(String),
    },
  ]);
});

test('issues of the REST API: ignored, resolved, known as exploited', () => {
  expect(readOwnSample(importer, 'issues.json').findings).toMatchObject([
    {
      kind: 'dependency',
      exploited: true,
      aliases: ['CVE-2023-4863'],
      place: { package: { purl: 'pkg:pypi/pillow@9.4.0' } },
      decision: { state: 'accepted' },
    },
    { kind: 'code', place: { file: 'src/app.js', line: 14 }, decision: { state: 'fixed' } },
  ]);
});
