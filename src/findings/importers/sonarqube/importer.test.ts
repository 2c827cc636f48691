import { describe, expect, test } from 'vitest';
import { makeZip } from '#core/testing/make-zip.ts';
import { ReportContent } from '../../report-content.ts';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('SonarQube', () => {
  test('an issue of the API has the path of its component, the flow and the CWE of its tags', () => {
    const [issue] = readOwnSample(importer, 'issues.json').findings;
    expect(issue).toMatchObject({
      ruleId: 'javasecurity:S3649',
      kind: 'code',
      title: 'Database queries should not be vulnerable to injection attacks',
      severity: 'critical',
      cwe: [89],
      place: {
        file: 'src/main/java/com/acme/shop/OrderRepository.java',
        line: 42,
        column: 16,
        endColumn: 49,
      },
      otherPlaces: [{ file: 'src/main/java/com/acme/shop/OrderController.java', line: 17 }],
      toolFingerprint: 'AY-shop-0001',
    });
  });

  test('resolutions of both generations are decisions, and impacts count where there is no severity', () => {
    const { findings } = readOwnSample(importer, 'issues.json');
    expect(findings.map(({ decision }) => decision?.state)).toEqual([
      undefined,
      'accepted',
      undefined,
      'false-positive',
    ]);
    expect(findings[3]).toMatchObject({ kind: 'infrastructure', severity: 'high' });
    expect(findings[1]?.kind).toBe('quality');
  });

  test('a quoted password is masked', () => {
    const leak = readOwnSample(importer, 'issues.json').findings[2];
    expect(leak?.title).toContain('[masked]');
    expect(JSON.stringify(leak)).not.toContain('PLANTED');
  });

  test('a hotspot reviewed as safe is decided, one to review is not', () => {
    const { findings } = readOwnSample(importer, 'hotspots.json');
    expect(findings.map(({ severity, decision }) => [severity, decision?.state])).toEqual([
      ['high', undefined],
      ['low', 'not-affected'],
    ]);
  });

  test('the page of sonar-report is read, with a table inside the description of a rule', () => {
    const { findings } = readOwnSample(importer, 'report.html');
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      ruleId: 'java:S2976',
      title: '"File.createTempFile" should not be used to create a directory',
      severity: 'high',
      cwe: [377],
      place: { file: 'src/main/java/com/acme/shop/Temp.java', line: 19 },
    });
    expect(findings[0]?.description).toContain('A race can be won');
  });

  test('answers in an archive are read together, and a broken one is a warning', () => {
    const issue = { key: 'k', rule: 'a:b', severity: 'INFO', component: 'p:a.ts', message: 'm' };
    const good = { name: 'a.json', data: Buffer.from(JSON.stringify({ issues: [issue] })) };
    const bytes = makeZip([good, { name: 'b.json', data: Buffer.from('{') }]);
    const content = new ReportContent('answers.zip', bytes);
    expect(importer.recognise(content)).toBe(2);
    const { findings, warnings } = importer.read(content);
    expect(findings).toHaveLength(1);
    expect(warnings[0]?.at).toBe('b.json');
  });
});
