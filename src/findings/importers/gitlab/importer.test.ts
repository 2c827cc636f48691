import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('GitLab', () => {
  test('a static finding has its rule, CWE, scope and the signature that survives moved lines', () => {
    const { findings, warnings } = readOwnSample(importer, 'sast.json');
    expect(findings[0]).toMatchObject({
      ruleId: 'python.sql.injection',
      kind: 'code',
      severity: 'high',
      confidence: 'low',
      cwe: [89],
      place: { file: 'src/orders.py', line: 12, endLine: 14, symbol: 'Orders.find' },
      toolFingerprint: 'python.sql.injection:src/orders.py|Orders[0]|find[0]:2',
      attributes: { scanner: 'semgrep', flag: 'likely false positive' },
    });
    expect(warnings[0]?.message).toBe('two files were too large');
  });

  test('a secret is in no field, not as a hash either', () => {
    const { findings } = readOwnSample(importer, 'secrets.json');
    expect(findings[0]).toMatchObject({
      kind: 'secret',
      ruleId: 'AWS',
      place: { file: 'README.md', line: 5 },
    });
    expect(findings[0]?.toolFingerprint).toBeUndefined();
    expect(JSON.stringify(findings)).not.toMatch(/PLANTED|0000/);
  });

  test('a package of an image is named by its advisory, with the version that mends it', () => {
    expect(readOwnSample(importer, 'containers.json').findings[0]).toMatchObject({
      ruleId: 'CVE-2019-3462',
      kind: 'container',
      severity: 'medium',
      severityText: 'Unknown',
      cvss: { score: 8.1 },
      place: {
        image: 'acme/shop:1.4.0',
        package: { name: 'apt', version: '1.4.8', fixedVersions: ['1.4.9'] },
      },
    });
  });

  test('a web finding has its address, and what leaked stays out', () => {
    const { findings } = readOwnSample(importer, 'dast.json');
    expect(findings[0]).toMatchObject({
      ruleId: '10062',
      kind: 'web',
      cwe: [359],
      place: { url: 'https://shop.acme.example/users', method: 'GET' },
    });
    expect(JSON.stringify(findings)).not.toContain('card-number');
  });

  test('reports of the first schemas have no scan', () => {
    const { findings } = readJson(importer, {
      version: '2.3',
      vulnerabilities: [
        {
          category: 'dependency_scanning',
          name: 'Loop',
          severity: 'Low',
          solution: 'Upgrade to version 0.3.3 or above.',
          location: {
            file: 'go.sum',
            dependency: { package: { name: 'golang.org/x/text' }, version: 'v0.3.0' },
          },
          identifiers: [{ type: 'gemnasium', name: 'Gemnasium-1', value: '7368f513' }],
        },
      ],
    });
    expect(findings[0]).toMatchObject({
      kind: 'dependency',
      place: { package: { fixedVersions: ['0.3.3'] } },
    });
  });
});
