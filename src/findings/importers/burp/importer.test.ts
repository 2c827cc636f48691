import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('Burp Suite', () => {
  test('an issue has its address, parameter, CWE and texts', () => {
    const [issue] = readOwnSample(importer, 'report.xml').findings;
    expect(issue).toMatchObject({
      ruleId: '1049088',
      severity: 'high',
      confidence: 'medium',
      cwe: [89],
      place: {
        url: 'https://shop.acme.example/basket',
        host: 'shop.acme.example',
        method: 'GET',
        parameter: 'b_id',
      },
      remedy: 'Use parameterized queries.',
      references: ['https://portswigger.net/web-security/sql-injection'],
    });
    expect(issue?.description).toBe(
      'The b_id cookie appears to be vulnerable.\n\nSQL injection arises when data is put into a query.',
    );
  });

  test('cookies lose their value, requests stay out, and false positives are decided', () => {
    const report = readOwnSample(importer, 'report.xml');
    expect(report.findings[1]?.decision).toEqual({ state: 'false-positive' });
    expect(report.findings[1]?.description).toContain('JSESSIONID=…');
    expect(JSON.stringify(report)).not.toMatch(/a-session-id|c2Vzc2lvbg/);
  });

  test('events of the API are read, and one without an issue is a warning', () => {
    const scan = readOwnSample(importer, 'scan.json');
    expect(JSON.stringify(scan)).not.toContain('a-session-id');
    expect(scan.findings[1]).toMatchObject({
      severity: 'info',
      confidence: 'high',
      place: { parameter: 'q' },
    });
    expect(readJson(importer, { issue_events: [{ id: 1 }] }).warnings).toHaveLength(1);
  });
});
