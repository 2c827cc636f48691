import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('a match has its place in the template', () => {
  expect(readOwnSample(importer, 'report.json').findings[0]).toMatchObject({
    ruleId: 'W2001',
    severity: 'low',
    place: { file: 'infra/stack.yaml', line: 7, column: 3, endColumn: 18, resource: 'Parameters.Colour' },
  });
});
