import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('Nuclei', () => {
  const { findings, warnings } = readOwnSample(importer, 'results.jsonl');

  test('a match has its template, score, probability and address', () => {
    expect(findings[0]).toMatchObject({
      ruleId: 'CVE-2021-44228',
      kind: 'web',
      severity: 'critical',
      cvss: { score: 10 },
      epss: 0.97,
      exploited: true,
      cwe: [502],
      place: { url: 'https://shop.acme.example/login', host: 'https://shop.acme.example' },
      remedy: 'Upgrade.',
    });
  });

  test('requests, credentials and what was extracted stay out', () => {
    expect(JSON.stringify(findings)).not.toContain('stays-out');
  });

  test('matchers of one template are told apart, and what did not match is no finding', () => {
    expect(findings.map(({ ruleId }) => ruleId)).toEqual([
      'CVE-2021-44228',
      'http-missing-security-headers:x-frame-options',
      'caa-fingerprint',
    ]);
    expect(findings[2]).toMatchObject({ severity: 'medium', place: { host: 'shop.acme.example' } });
  });

  test('a line of the log between the results is a warning', () => {
    expect(warnings).toMatchObject([{ at: 'line 5' }]);
  });
});
