import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('OpenVEX', () => {
  test('each part of a product that is named is a finding with the decision and its author', () => {
    const { findings } = readOwnSample(importer, 'statements.json');
    expect(findings.map(({ place }) => place.package?.name)).toEqual(['libcrypto3', 'libssl3', '@acme/cart']);
    expect(findings[0]).toMatchObject({
      ruleId: 'CVE-2023-1255',
      kind: 'container',
      aliases: ['GHSA-2222-3333-4444'],
      place: { image: 'pkg:oci/shop@sha256%3A1f2e' },
      decision: {
        state: 'not-affected',
        reason: 'vulnerable_code_not_in_execute_path: XTS is never used.',
        by: 'Acme Security',
      },
    });
  });

  test('the shape of 0.0.1 is read, and what is affected is not decided', () => {
    const affected = readOwnSample(importer, 'statements.json').findings[2];
    expect(affected).toMatchObject({
      ruleId: 'CVE-2024-0002',
      severity: 'medium',
      remedy: 'Upgrade to 1.0.1.',
    });
    expect(affected?.decision).toBeUndefined();
  });

  test('a statement without a product is kept with a warning', () => {
    const { findings, warnings } = readJson(importer, {
      '@context': 'https://openvex.dev/ns/v0.2.0',
      statements: [{ vulnerability: { name: 'CVE-1' }, status: 'fixed' }, 7],
    });
    expect(findings[0]).toMatchObject({ ruleId: 'CVE-1', decision: { state: 'fixed' } });
    expect(warnings.map(({ at }) => at)).toEqual(['statements[0]', 'statements[1]']);
  });
});
