import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('GitHub alerts', () => {
  test('a code scanning alert belongs to the tool that found it, with what was decided', () => {
    expect(readOwnSample(importer, 'code-scanning.json').findings[0]).toMatchObject({
      tool: 'codeql',
      ruleId: 'py/path-injection',
      severity: 'high',
      cwe: [22],
      place: { file: 'shop/files.py', line: 42, column: 17 },
      toolFingerprint: 'https://github.com/acme/shop/security/code-scanning/34',
      decision: { state: 'accepted', reason: "won't fix: an example", by: 'ada' },
    });
  });

  test('a secret that is valid is verified, and stands nowhere', () => {
    const { findings } = readOwnSample(importer, 'secret-scanning.json');
    expect(findings[0]).toMatchObject({
      tool: 'github-secret-scanning',
      kind: 'secret',
      severity: 'critical',
      verified: true,
      place: { line: 1 },
    });
    expect(JSON.stringify(findings)).not.toContain('PLANTED');
  });

  test('a Dependabot alert of GraphQL has its advisory, scores and the version that mends it', () => {
    const { findings, target } = readOwnSample(importer, 'dependabot.json');
    expect(target).toEqual({ repository: 'acme/shop' });
    expect(findings[0]).toMatchObject({
      tool: 'dependabot',
      ruleId: 'GHSA-4wrc-f8pq-fpqp',
      kind: 'dependency',
      severity: 'critical',
      cvss: { score: 9.8 },
      epss: 0.00212,
      cwe: [502],
      aliases: ['CVE-2016-1000027'],
      place: {
        file: 'app/pom.xml',
        package: {
          name: 'org.springframework:spring-web',
          version: '5.3.29',
          ecosystem: 'maven',
          fixedVersions: ['6.0.0'],
        },
      },
    });
  });

  test('a list that goes on is told', () => {
    const { warnings } = readJson(importer, {
      data: { repository: { vulnerabilityAlerts: { nodes: [], pageInfo: { hasNextPage: true } } } },
    });
    expect(warnings[0]?.at).toBe('pageInfo');
  });

  test('REST says the same in other words', () => {
    const { findings } = readJson(importer, [
      {
        number: 7,
        state: 'dismissed',
        dismissed_reason: 'inaccurate',
        dependency: {
          package: { ecosystem: 'pip', name: 'django' },
          manifest_path: 'requirements.txt',
          scope: 'runtime',
        },
        security_advisory: {
          ghsa_id: 'GHSA-rf4j-j272-fj86',
          cve_id: 'CVE-2018-6188',
          summary: 'Leak',
          severity: 'high',
        },
        security_vulnerability: { severity: 'high', first_patched_version: { identifier: '2.0.2' } },
      },
    ]);
    expect(findings[0]).toMatchObject({
      place: {
        file: 'requirements.txt',
        package: { name: 'django', ecosystem: 'pypi', fixedVersions: ['2.0.2'] },
      },
      decision: { state: 'false-positive', reason: 'inaccurate' },
    });
  });
});
