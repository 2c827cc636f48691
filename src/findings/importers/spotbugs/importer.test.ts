import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('a bug has its line, its method, and the text of its pattern', () => {
  const { findings, warnings } = readOwnSample(importer, 'report.xml');
  expect(findings[0]).toMatchObject({
    ruleId: 'COMMAND_INJECTION',
    kind: 'code',
    severity: 'medium',
    confidence: 'medium',
    cwe: [78],
    place: { file: 'com/acme/shop/Run.java', line: 25, symbol: 'com.acme.shop.Run.start' },
    otherPlaces: [{ line: 24 }],
    toolFingerprint: '73c44d67d4de72c6ce3c429073745750:1',
    references: ['https://cwe.mitre.org/data/definitions/78.html'],
  });
  expect(findings[1]).toMatchObject({
    kind: 'quality',
    severity: 'high',
    place: { file: 'com/acme/shop/Cart.java' },
  });
  expect(warnings[0]?.message).toBe('2 classes were missing');
});
