import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('ESLint', () => {
  const { findings, warnings } = readOwnSample(importer, 'report.json');

  test('rules about flaws and rules about style differ in kind and weight', () => {
    expect(findings.map(({ ruleId, kind, severity }) => [ruleId, kind, severity])).toEqual([
      ['security/detect-eval-with-expression', 'code', 'medium'],
      ['no-unused-vars', 'quality', 'info'],
      ['no-secrets/no-secrets', 'secret', 'medium'],
      ['no-eval', 'code', 'medium'],
    ]);
    expect(findings[0]?.place).toEqual({
      file: '/srv/shop/src/cart.ts',
      line: 8,
      column: 3,
      endLine: 8,
      endColumn: 14,
    });
  });

  test('a message that a comment switched off is decided with its reason', () => {
    expect(findings[3]?.decision).toEqual({ state: 'accepted', reason: 'sandboxed' });
  });

  test('a file that could not be parsed is a warning, not a finding', () => {
    expect(warnings).toEqual([
      { at: '[0].messages[3]', message: '/srv/shop/src/cart.ts: Parsing error: Unexpected token' },
    ]);
  });
});
