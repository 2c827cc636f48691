import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

const read = (results: object[], run: object = {}) =>
  readJson(importer, {
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'Acme Scan' } }, results, ...run }],
  }).findings;
const at = (uri: string, startLine: number) => ({
  physicalLocation: { artifactLocation: { uri }, region: { startLine } },
});

describe('a SARIF file', () => {
  test('gives the findings of all its runs, each with the tool of its run', () => {
    const { findings, tool, toolVersion, target } = readOwnSample(importer, 'sample.sarif');
    expect(findings.map((each) => each.tool)).toEqual(['codeql', 'codeql', 'gitleaks']);
    expect({ tool, toolVersion, target }).toEqual({
      tool: 'codeql',
      toolVersion: '2.23.1',
      target: { repository: 'https://git.acme.example/acme/shop', commit: '4f1c2d3e' },
    });
  });

  test('takes severity, weakness and confidence from the rule, and the flow as other places', () => {
    const [first] = readOwnSample(importer, 'sample.sarif').findings;
    expect(first).toMatchObject({
      severity: 'high',
      confidence: 'high',
      cwe: [89],
      title: 'This query depends on a user-provided value.',
      place: { file: 'src/orders.ts', line: 42, column: 12 },
      otherPlaces: [{ file: 'src/orders.ts', line: 38, column: 9 }],
      toolFingerprint: 'js/sql-injection|src/orders.ts|39fa2ee980eb94b0:1',
    });
  });

  test('finds the rule in an extension, its message with arguments, its CWE in a taxonomy and the base of the name', () => {
    const [, second] = readOwnSample(importer, 'sample.sarif').findings;
    expect(second).toMatchObject({
      ruleId: 'acme/no-debug/call',
      title: 'Call of console.debug in page, see here.',
      severity: 'low',
      cwe: [489],
      place: { file: 'packages/web/page one.ts', line: 7 },
      decision: { state: 'accepted', reason: 'only in tests' },
    });
  });

  test('of a secret scanner shows no secret and is not as mild as a warning', () => {
    const [, , third] = readOwnSample(importer, 'sample.sarif').findings;
    expect(third).toMatchObject({ kind: 'secret', severity: 'high', place: { commit: '9b1deb4d' } });
    expect(JSON.stringify(third)).not.toContain('PLANTED_SECRET');
    expect(third).not.toHaveProperty('snippet');
  });

  test('the code of a hard-coded credential is not kept, whoever found it', () => {
    const rule = { id: 'a', properties: { tags: ['external/cwe/cwe-798'] } };
    const snippet = { text: 'const key = "k"' };
    const [found] = read(
      [{ ruleId: 'a', message: { text: 'key' }, locations: [{ physicalLocation: { region: { snippet } } }] }],
      { tool: { driver: { name: 'CodeQL', rules: [rule] } } },
    );
    expect(found).not.toHaveProperty('snippet');
  });

  test('a message that quotes the credential does not keep it', () => {
    const [found] = read(
      [{ ruleId: 'B105', message: { text: "Possible hardcoded password: 'hunter2'" }, level: 'note' }],
      { tool: { driver: { name: 'Bandit', rules: [{ id: 'B105', name: 'hardcoded_password_string' }] } } },
    );
    expect(found).toMatchObject({ kind: 'code', severity: 'low' });
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  test('a result of endless locations ends early, with a warning', () => {
    const locations = Array.from({ length: 1_100 }, (_, index) => at('a.ts', index + 1));
    const { findings, warnings } = readJson(importer, {
      version: '2.1.0',
      runs: [
        { tool: { driver: { name: 'a' } }, results: [{ ruleId: 'a', message: { text: 'm' }, locations }] },
      ],
    });
    expect(findings).toHaveLength(1_000);
    expect(warnings).toEqual([
      { at: 'runs[0].results[0]', message: '100 locations of this result are left out' },
    ]);
  });

  test.each(['pass', 'notApplicable', 'informational'])('a result of the kind %s is no finding', (kind) => {
    expect(read([{ ruleId: 'a', kind, message: { text: 'm' } }])).toEqual([]);
  });

  test.each([
    [undefined, 'medium'],
    ['error', 'high'],
    ['note', 'low'],
    ['none', 'info'],
  ])('the level %s is %s', (level, severity) => {
    expect(read([{ ruleId: 'a', message: { text: 'm' }, level }])).toMatchObject([{ severity }]);
  });

  test('the score of the result goes before its level and its rule', () => {
    const properties = { 'security-severity': '9.8' };
    expect(read([{ ruleId: 'a', message: { text: 'm' }, level: 'note', properties }])).toMatchObject([
      { severity: 'critical' },
    ]);
  });

  test('a suppression that is under review or rejected decides nothing; an empty list neither', () => {
    for (const suppressions of [[], [{ kind: 'external', status: 'underReview' }], [{ status: 'rejected' }]])
      expect(read([{ ruleId: 'a', message: { text: 'm' }, suppressions }])[0]).not.toHaveProperty('decision');
  });

  test('what is absent since the baseline is fixed', () => {
    const [found] = read([{ ruleId: 'a', message: { text: 'm' }, baselineState: 'absent' }]);
    expect(found?.decision?.state).toBe('fixed');
  });

  test('several locations are as many findings, the same one twice is one', () => {
    const locations = [at('a.ts', 1), at('b.ts', 2), at('a.ts', 1)];
    expect(read([{ ruleId: 'a', message: { text: 'm' }, locations }]).map(({ place }) => place.file)).toEqual(
      ['a.ts', 'b.ts'],
    );
  });

  test('an absolute name below the root of the sources becomes relative', () => {
    const originalUriBaseIds = { SRC: { uri: 'file:///builds/shop/' } };
    const [found] = read(
      [{ ruleId: 'a', message: { text: 'm' }, locations: [at('file:///builds/shop/a.ts', 1)] }],
      {
        originalUriBaseIds,
      },
    );
    expect(found?.place.file).toBe('a.ts');
  });

  test('names of files are as people write them, also on Windows', () => {
    const names = [
      'file:////src/a.ts',
      'file:///C:/src/a.ts',
      'C:\\src\\a.ts',
      'https://shop.acme.example/a',
    ].map((uri) => read([{ ruleId: 'a', message: { text: 'm' }, locations: [at(uri, 1)] }])[0]?.place);
    expect(names.map((place) => place?.file ?? place?.url)).toEqual([
      '/src/a.ts',
      'C:/src/a.ts',
      'C:/src/a.ts',
      'https://shop.acme.example/a',
    ]);
  });

  test('a place that is related twice is named once', () => {
    const relatedLocations = [at('b.ts', 2), at('b.ts', 2), at('c.ts', 3)];
    const [found] = read([
      { ruleId: 'a', message: { text: 'm' }, locations: [at('a.ts', 1)], relatedLocations },
    ]);
    expect(found?.otherPlaces.map(({ file }) => file)).toEqual(['b.ts', 'c.ts']);
  });

  test('the rule of Gitleaks 7 is in its message', () => {
    const run = { tool: { driver: { name: 'Gitleaks' } } };
    expect(read([{ message: { text: 'AWS Access Key secret detected' } }], run)).toMatchObject([
      { ruleId: 'AWS Access Key' },
    ]);
  });

  test('the packages of Trivy, Grype and OSV-Scanner are read from their messages', () => {
    const names = [
      'Package: openssl\nInstalled Version: 1.1.1k\nVulnerability CVE-2024-1\nSeverity: HIGH\nFixed Version: 1.1.1l',
      'A high vulnerability in deb package: openssl, version 1.1.1k was found at: /usr',
      "Package 'openssl@1.1.1k' is vulnerable to 'CVE-2024-1'.",
    ].map((text) => read([{ ruleId: 'CVE-2024-1', message: { text } }])[0]?.place.package);
    expect(names).toMatchObject(names.map(() => ({ name: 'openssl', version: '1.1.1k' })));
    expect(names).toHaveLength(3);
  });

  test('our own report is of the tool vouchgate, and what it says for others is theirs', () => {
    const results = ['script-injection', 'checkov/CKV_AWS_20', 'secret-npm-token'].map((ruleId) => ({
      ruleId,
      message: { text: 'm' },
      properties: { severity: 'critical' },
      partialFingerprints: { 'vouchgateFingerprint/v1': '0d5f2f0c9a7b4e11' },
    }));
    const found = read(results, { tool: { driver: { name: 'vouchgate' } } });
    expect(found.map(({ tool, ruleId, kind }) => [tool, ruleId, kind])).toEqual([
      ['vouchgate', 'script-injection', 'pipeline'],
      ['checkov', 'CKV_AWS_20', 'infrastructure'],
      ['vouchgate', 'secret-npm-token', 'secret'],
    ]);
    expect(found[0]).toMatchObject({ severity: 'critical', toolFingerprint: '0d5f2f0c9a7b4e11' });
  });

  test('a run that failed is a warning: what it did not find says nothing', () => {
    const { warnings } = readJson(importer, {
      version: '2.1.0',
      runs: [{ tool: { driver: { name: 'a' } }, invocations: [{ executionSuccessful: false }] }],
    });
    expect(warnings).toMatchObject([{ at: 'runs[0]' }]);
  });
});
