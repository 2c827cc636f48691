import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('govulncheck -format json', () => {
  const { findings, toolVersion } = readOwnSample(importer, 'sample.json');

  test('a flaw is one finding at the surest level, in our own code', () => {
    expect(toolVersion).toBe('v1.1.4');
    expect(findings).toMatchObject([
      {
        ruleId: 'GO-2022-1059',
        severity: 'high',
        confidence: 'high',
        place: {
          file: 'server.go',
          line: 31,
          package: { name: 'golang.org/x/text', fixedVersions: ['v0.3.8'] },
        },
        attributes: { reachability: 'called' },
      },
    ]);
  });

  test('an entry of the database that was not found here is no finding', () => {
    expect(findings.map(({ ruleId }) => ruleId)).not.toContain('GO-2099-0001');
  });

  test('a module that is only required is low', () => {
    const finding = { osv: 'GO-1', trace: [{ module: 'm', version: 'v1.0.0' }] };
    expect(readJson(importer, [{ finding }]).findings).toMatchObject([
      { severity: 'low', place: { file: 'go.mod' }, attributes: { reachability: 'required' } },
    ]);
  });
});

test('versions before 1.0', () => {
  expect(readOwnSample(importer, 'version-0.json').findings).toMatchObject([
    {
      ruleId: 'GO-2022-1059',
      place: { symbol: 'ParseAcceptLanguage' },
      attributes: { reachability: 'called' },
    },
  ]);
});
