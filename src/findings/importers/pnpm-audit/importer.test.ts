import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('pnpm audit --json', () => {
  test('the workspace is no part of the way to a package', () => {
    const [finding] = readOwnSample(importer, 'sample.json').findings;
    expect(finding).toMatchObject({
      tool: 'pnpm-audit',
      ruleId: 'GHSA-jf85-cpcp-j695',
      place: { package: { dependencyPath: ['lodash'] } },
      otherPlaces: [{ package: { dependencyPath: ['acme-ui', 'lodash'] } }],
    });
  });

  test('`<0.0.0` is no version in which it is mended', () => {
    const advisory = {
      id: 1,
      module_name: 'a',
      patched_versions: '<0.0.0',
      findings: [{ version: '1', paths: ['.>a'] }],
    };
    const [finding] = readJson(importer, { advisories: { 1: advisory }, metadata: {} }).findings;
    expect(finding?.place.package).not.toHaveProperty('fixedVersions');
  });
});
