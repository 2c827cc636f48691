import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('CycloneDX', () => {
  test('a vulnerability is a finding of the tool that wrote the document, at the package that it affects', () => {
    const { findings, tool, target } = readOwnSample(importer, 'vex.json');
    expect([tool, target]).toEqual(['trivy', { image: 'acme/shop:1.4.0' }]);
    expect(findings[0]).toMatchObject({
      tool: 'trivy',
      ruleId: 'CVE-2021-44228',
      kind: 'dependency',
      severity: 'critical',
      cvss: { score: 10, vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H' },
      cwe: [502, 400],
      aliases: ['GHSA-jfh8-c2jp-5v3q'],
      place: {
        image: 'acme/shop:1.4.0',
        package: { name: 'org.apache.logging.log4j:log4j-core', version: '2.14.1', ecosystem: 'maven' },
      },
      remedy: 'Upgrade to 2.17.1.',
    });
  });

  test('an analysis decides, also by a link to a component of another document', () => {
    const { findings } = readOwnSample(importer, 'vex.json');
    expect(findings[1]).toMatchObject({
      kind: 'container',
      // The distribution rates its own build.
      severity: 'low',
      place: { package: { name: 'libc6' } },
      decision: { state: 'not-affected', reason: 'code_not_reachable: The locale is fixed.' },
    });
    expect(findings[2]).toMatchObject({
      severity: 'medium',
      place: { package: { name: '@acme/cart', version: '1.0.0', ecosystem: 'npm' } },
      decision: { state: 'accepted' },
    });
  });

  test('the extension of 1.2 is read at its component, with the worst rating', () => {
    expect(readOwnSample(importer, 'extension.xml').findings[0]).toMatchObject({
      tool: 'cyclonedx',
      ruleId: 'CVE-2018-7489',
      severity: 'critical',
      cvss: { score: 9.8 },
      place: { package: { name: 'com.fasterxml.jackson.core:jackson-databind' } },
    });
  });

  test('XML says the same as JSON', () => {
    expect(readOwnSample(importer, 'vulnerabilities.xml').findings[0]).toMatchObject({
      tool: 'grype',
      kind: 'container',
      severity: 'high',
      cwe: [835],
      place: { package: { name: 'openssl', fixedVersions: ['3.0.2'] } },
      decision: { state: 'fixed', reason: 'Rebuilt.' },
    });
  });

  test('a bill of materials without vulnerabilities is no proof of safety, and says so', () => {
    const { findings, warnings } = readOwnSample(importer, 'clean.json');
    expect(findings).toEqual([]);
    expect(warnings[0]?.message).toContain('lists 1 components and no vulnerability');
  });

  test('versions that are all listed as unaffected decide', () => {
    const { findings } = readJson(importer, {
      bomFormat: 'CycloneDX',
      vulnerabilities: [
        { id: 'X-1', affects: [{ ref: 'a', versions: [{ version: '1', status: 'unaffected' }] }] },
      ],
    });
    expect(findings[0]?.decision?.state).toBe('not-affected');
  });
});
