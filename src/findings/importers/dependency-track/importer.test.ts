import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('findings of Dependency-Track', () => {
  const { findings } = readOwnSample(importer, 'sample.json');

  test('carry what its people decided, and ids that stay', () => {
    expect(findings[0]).toMatchObject({
      ruleId: 'GHSA-rgv9-q543-rqg4',
      severity: 'high',
      epss: 0.00043,
      cwe: [400, 502],
      aliases: ['CVE-2022-42004'],
      place: { package: { name: 'com.fasterxml.jackson.core:jackson-databind', ecosystem: 'maven' } },
      toolFingerprint: expect.stringMatching(/^ca4f2da9-.*:8af37107-/),
      decision: { state: 'not-affected', reason: 'CODE_NOT_REACHABLE' },
    });
  });

  test('one without a severity is medium and says so', () => {
    expect(findings[1]).toMatchObject({ severity: 'medium', severityText: 'UNASSIGNED' });
  });

  test.each([null, undefined])('findings that are %s are none', (none) => {
    const report = { meta: { application: 'Dependency-Track' }, findings: none };
    expect(readJson(importer, report)).toMatchObject({ findings: [], warnings: [] });
  });
});

test('an answer of the API is the list alone', () => {
  const finding = { component: { name: 'a' }, vulnerability: { vulnId: 'CVE-2024-1' }, matrix: 'p:c:v' };
  expect(readJson(importer, [finding]).findings).toMatchObject([
    { ruleId: 'CVE-2024-1', toolFingerprint: 'p:c:v' },
  ]);
});
