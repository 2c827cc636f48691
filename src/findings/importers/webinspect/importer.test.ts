import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('an issue of a session is a finding at its address, without the request', () => {
  const { findings } = readOwnSample(importer, 'report.xml');
  expect(findings[0]).toMatchObject({
    ruleId: '5649',
    severity: 'critical',
    description: 'Scripts from outside run.',
    cwe: [79],
    place: { url: 'https://shop.acme.example:443/search', method: 'GET', parameter: 'q' },
    remedy: 'Encode.',
    references: ['https://owasp.org/xss'],
  });
  expect(JSON.stringify(findings)).not.toContain('stays-out');
});
