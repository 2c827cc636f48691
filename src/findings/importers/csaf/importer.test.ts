import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('CSAF', () => {
  test('each product has its own finding with its score, remedy and status', () => {
    const { findings } = readOwnSample(importer, 'advisory.json');
    expect(findings).toHaveLength(3);
    expect(findings[0]).toMatchObject({
      ruleId: 'CVE-2026-10001',
      kind: 'dependency',
      title: 'Remote code execution in the request handler (Acme Shop 1.4.0)',
      severity: 'critical',
      cvss: { score: 9.8 },
      cwe: [94],
      exploited: true,
      place: { package: { name: '@acme/shop', version: '1.4.0' } },
      remedy: 'vendor fix: Upgrade to 1.4.1.',
      attributes: { advisory: 'ACME-2026-0001', status: 'known_affected' },
    });
    expect(findings[0]?.decision).toBeUndefined();
  });

  test('fixed and not affected products are decided; a part has the package URL of what it is a part of', () => {
    const { findings } = readOwnSample(importer, 'advisory.json');
    expect(findings[1]).toMatchObject({
      place: { package: { purl: 'pkg:rpm/acme/cart@3.0' } },
      decision: { state: 'not-affected', reason: 'vulnerable_code_not_present' },
    });
    expect(findings[2]).toMatchObject({
      place: { package: { name: 'Acme Shop 1.4.1' } },
      decision: { state: 'fixed' },
    });
  });

  test('another version is read with a warning', () => {
    const { warnings } = readJson(importer, {
      document: { csaf_version: '1.2' },
      vulnerabilities: [{ cve: 'CVE-1' }],
    });
    expect(warnings[0]?.at).toBe('document.csaf_version');
  });

  test('twenty thousand products with as many scores are read in time', () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `P${index}`);
    const scores = ids.map((id) => ({ products: [id], cvss_v3: { baseScore: 5 } }));
    const start = performance.now();
    const { findings } = readJson(importer, {
      document: { csaf_version: '2.0' },
      vulnerabilities: [{ cve: 'CVE-1', product_status: { known_affected: ids }, scores }],
    });
    expect(findings).toHaveLength(20_000);
    expect(performance.now() - start).toBeLessThan(4_000);
  });
});
