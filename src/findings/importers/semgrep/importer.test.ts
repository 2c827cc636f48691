import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('semgrep scan --json', () => {
  const { findings, warnings } = readOwnSample(importer, 'sample.json');
  const [redirect, secret, dependency] = findings;

  test('the title is the last part of the rule, the flow is other places', () => {
    expect(redirect).toMatchObject({
      kind: 'code',
      title: 'express open redirect',
      severity: 'medium',
      confidence: 'high',
      cwe: [601],
      place: { file: 'src/login.js', line: 12, column: 3 },
      otherPlaces: [{ file: 'src/login.js', line: 9 }],
      snippet: 'res.redirect(req.query.to)',
      toolFingerprint: expect.stringMatching(/^0f8c79a6/),
    });
  });

  test('of a secret nothing that may show it is kept; that it works is', () => {
    expect(secret).toMatchObject({ kind: 'secret', verified: true, decision: { state: 'accepted' } });
    expect(JSON.stringify(secret)).not.toContain('PLANTED_SECRET');
  });

  test('what is only shown to those who logged in is left out', () => {
    expect(secret).not.toHaveProperty('toolFingerprint');
    expect(dependency).not.toHaveProperty('snippet');
  });

  test('a finding of the supply chain names the package', () => {
    expect(dependency).toMatchObject({
      kind: 'dependency',
      aliases: ['CVE-2020-28500'],
      place: { package: { purl: 'pkg:npm/lodash@4.17.20' } },
      attributes: { reachable: 'false' },
    });
  });

  test('a file that Semgrep could not read is a warning', () => {
    expect(warnings).toMatchObject([{ message: 'Semgrep: Syntax error at line src/a.js:3:' }]);
  });

  test.each([
    ['ERROR', 'high'],
    ['WARNING', 'medium'],
    ['INFO', 'low'],
    ['CRITICAL', 'critical'],
  ])('%s is %s', (severity, expected) => {
    const result = { check_id: 'a.b', path: 'a', start: { line: 1 }, end: {}, extra: { severity } };
    expect(readJson(importer, { results: [result] }).findings).toMatchObject([{ severity: expected }]);
  });
});

test('findings of the platform carry what was decided there', () => {
  expect(readOwnSample(importer, 'platform.json').findings).toMatchObject([
    {
      severity: 'high',
      toolFingerprint: '0f8c79a6f7e0ff2f908ff5bc366ae154',
      decision: { state: 'false-positive', reason: 'only admins' },
    },
  ]);
});
