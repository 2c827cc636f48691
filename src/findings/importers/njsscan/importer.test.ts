import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('each place of a rule is a finding', () => {
  const { findings } = readOwnSample(importer, 'report.json');
  expect(findings).toHaveLength(2);
  expect(findings[0]).toMatchObject({
    ruleId: 'eval_nodejs',
    title: 'User controlled data in eval() may run code.',
    severity: 'high',
    cwe: [95],
    place: { file: 'src/server.js', line: 14, endLine: 14, column: 12 },
  });
  expect(findings[1]?.place).toMatchObject({ file: 'src/admin.js', line: 3, endLine: 5 });
});
