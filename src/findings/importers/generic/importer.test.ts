import { describe, expect, test } from 'vitest';
import { ReportContent } from '../../report-content.ts';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('generic findings', () => {
  test('our own shape comes in as it went out', () => {
    const { findings, tool, toolVersion } = readOwnSample(importer, 'own.json');
    expect([tool, toolVersion]).toEqual(['acme-audit', '2.1.0']);
    expect(findings[0]).toMatchObject({
      tool: 'acme-audit',
      ruleId: 'ACME-7',
      kind: 'infrastructure',
      severity: 'high',
      confidence: 'medium',
      cwe: [732],
      aliases: ['CKV_AWS_20'],
      place: { file: 'infra/bucket.tf', line: 3, endLine: 9, resource: 'aws_s3_bucket.receipts' },
      toolFingerprint: 'acme-7-receipts',
      decision: { state: 'accepted', reason: 'It is a web site.', by: 'ada' },
      attributes: { team: 'shop' },
    });
  });

  test('what a dry run prints can be imported again without a loss', () => {
    const first = readOwnSample(importer, 'own.json');
    expect(readJson(importer, { findings: first.findings }).findings).toEqual(first.findings);
  });

  test('the shape of DefectDojo is read with packages, addresses and decisions', () => {
    const { findings, warnings } = readOwnSample(importer, 'dojo.json');
    expect(findings[0]).toMatchObject({
      tool: 'acme-probe',
      ruleId: 'CVE-2020-36234',
      kind: 'dependency',
      severity: 'medium',
      cvss: { score: 4.8, vector: 'CVSS:3.1/AV:N/AC:L/PR:H/UI:R/S:C/C:L/I:L/A:N' },
      epss: 0.5,
      exploited: true,
      cwe: [79],
      place: { package: { name: 'cart', version: '1.0.0' } },
      toolFingerprint: 'probe-1',
      decision: { state: 'false-positive' },
    });
    expect(findings[1]).toMatchObject({
      kind: 'web',
      cwe: [],
      place: { url: 'https://shop.acme.example:8443/search' },
      otherPlaces: [{ url: 'https://shop.acme.example/find' }],
    });
    expect(warnings).toEqual([
      { at: 'findings[2]', message: 'this entry has neither a title nor a rule, so it is no finding' },
    ]);
  });

  test('a table is read by the names of its columns, in whatever writing', () => {
    const { findings, warnings } = readOwnSample(importer, 'findings.csv');
    expect(findings[0]).toMatchObject({
      title: 'Weak hash, in two places',
      description: 'MD5 is weak.\nIt is used for "etags".',
      severity: 'low',
      verified: true,
      cwe: [328],
      place: { file: 'src/etag.ts', line: 12 },
      foundAtMs: Date.UTC(2026, 1, 28),
    });
    expect(findings[1]).toMatchObject({ severity: 'medium', decision: { state: 'false-positive' } });
    // 02/03 can be read in two ways.
    expect(findings[1]?.foundAtMs).toBeUndefined();
    expect(warnings[0]?.at).toBe('record 3');
  });

  test('keys of the prototype are keys like others', () => {
    const json = '{"findings":[{"title":"a","severity":"low","__proto__":{"file":"x"},"constructor":1}]}';
    const { findings } = importer.read(new ReportContent('r.json', Buffer.from(json)));
    expect(findings[0]?.place).toEqual({});
  });

  test('it claims no more than a list of things with titles', () => {
    const recognise = (json: unknown) =>
      importer.recognise(new ReportContent('r.json', Buffer.from(JSON.stringify(json))));
    expect(recognise({ findings: [{ title: 'a', severity: 'low' }] })).toBe(1);
    expect(recognise({ findings: [{ name: 'a' }] })).toBe(0);
    expect(recognise([])).toBe(0);
  });
});
