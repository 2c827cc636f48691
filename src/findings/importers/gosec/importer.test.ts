import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('an issue has its lines, and what #nosec says', () => {
  const { findings, warnings, toolVersion } = readOwnSample(importer, 'report.json');
  expect(toolVersion).toBe('2.22.0');
  expect(findings[0]).toMatchObject({
    ruleId: 'G401',
    severity: 'medium',
    confidence: 'high',
    cwe: [327],
    place: { file: '/srv/shop/etag.go', line: 64, endLine: 65, column: 7 },
    snippet: '\th := md5.New()\n\th.Write(b)',
    decision: { state: 'accepted', reason: 'not for security' },
  });
  expect(warnings).toEqual([{ at: '/srv/shop/broken.go', message: 'expected package' }]);
});

test('a credential in code is a secret, and its code is not kept', () => {
  const { findings } = readOwnSample(importer, 'report.json');
  expect(findings[1]?.kind).toBe('secret');
  expect(findings[1]?.snippet).toBeUndefined();
});
