import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('SARIF of Snyk Code', () => {
  test('is Snyk’s, with the weakness that its rules list and the flow', () => {
    const { findings, tool } = readOwnSample(importer, 'sample.sarif');
    expect(tool).toBe('snyk');
    expect(findings).toMatchObject([
      {
        tool: 'snyk',
        kind: 'code',
        ruleId: 'javascript/Sqli',
        cwe: [89],
        severity: 'high',
        confidence: 'high',
      },
    ]);
    expect(findings[0]?.otherPlaces).toEqual([{ file: 'src/cart.js', line: 12, column: 3 }]);
  });

  test('the fingerprint is Snyk’s own', () => {
    expect(readOwnSample(importer, 'sample.sarif').findings[0]?.toolFingerprint).toMatch(/^c36206fc/);
  });
});
