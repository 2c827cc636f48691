import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('Bandit', () => {
  test('a result has its place, counted from one, and its line of code without the number', () => {
    const { findings, warnings } = readOwnSample(importer, 'report.json');
    expect(findings[0]).toMatchObject({
      ruleId: 'B608',
      kind: 'code',
      severity: 'medium',
      confidence: 'low',
      cwe: [89],
      place: { file: 'shop/orders.py', line: 12, column: 23 },
    });
    expect(findings[0]?.snippet).toBe('    return db.execute("SELECT * FROM orders WHERE id=%s" % id)');
    expect(warnings).toEqual([
      { at: 'shop/broken.py', message: 'not scanned: syntax error while parsing AST from file' },
    ]);
  });

  test('the password that it shows is masked in the message, and the code is left out', () => {
    const password = readOwnSample(importer, 'report.json').findings[1];
    expect(password).toMatchObject({ kind: 'secret', title: "Possible hardcoded password: '[masked]'" });
    expect(password?.snippet).toBeUndefined();
  });
});
