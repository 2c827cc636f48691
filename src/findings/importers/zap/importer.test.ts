import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('ZAP', () => {
  test('an alert is one finding, and its instances are its places', () => {
    const [alert] = readOwnSample(importer, 'report.xml').findings;
    expect(alert).toMatchObject({
      ruleId: '40018-1',
      kind: 'web',
      title: 'SQL Injection',
      description: 'SQL injection may be possible.',
      severity: 'high',
      confidence: 'medium',
      cwe: [89],
      place: { url: 'https://shop.acme.example/orders?id=1', method: 'GET', parameter: 'id' },
      otherPlaces: [{ url: 'https://shop.acme.example/items?id=1' }],
      references: ['https://cheatsheetseries.owasp.org/sql', 'https://owasp.org/sqli'],
      remedy: 'Use prepared statements.',
    });
  });

  test('evidence of what leaked is not kept, and a false positive is decided', () => {
    const leak = readOwnSample(importer, 'report.xml').findings[1];
    expect(leak?.decision).toEqual({ state: 'false-positive' });
    expect(JSON.stringify(leak)).not.toContain('a-hash-that-stays-out');
  });

  test('JSON has the same names; what a user confirmed is verified', () => {
    const { findings, toolVersion } = readOwnSample(importer, 'report.json');
    expect(toolVersion).toBe('2.16.1');
    expect(findings[0]).toMatchObject({
      severity: 'medium',
      verified: true,
      otherPlaces: [{ url: 'https://shop.acme.example/cart' }],
      attributes: { instances: '12' },
    });
  });

  test('alerts of the API of one kind and host are one finding', () => {
    const alert = { pluginId: '1', alert: 'A', name: 'A', risk: 'Low', confidence: 'High', param: 'x' };
    const { findings } = readJson(importer, {
      alerts: [
        { ...alert, url: 'https://a.example/1' },
        { ...alert, url: 'https://a.example/2' },
        { ...alert, url: 'https://b.example/1' },
      ],
    });
    expect(findings.map(({ place, otherPlaces }) => [place.url, otherPlaces.length])).toEqual([
      ['https://a.example/1', 1],
      ['https://b.example/1', 0],
    ]);
    expect(findings[0]).toMatchObject({ severity: 'low', confidence: 'high' });
  });
});
