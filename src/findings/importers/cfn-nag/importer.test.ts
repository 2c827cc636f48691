import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('each resource of a violation is a finding at its line', () => {
  const { findings } = readOwnSample(importer, 'report.json');
  expect(
    findings.map(({ ruleId, severity, place }) => [ruleId, severity, place.resource, place.line]),
  ).toEqual([
    ['W48', 'medium', 'Orders', 5],
    ['W48', 'medium', 'Mails', 12],
    ['F3', 'high', 'Deploy', 20],
  ]);
  expect(findings[0]?.place.file).toBe('infra/stack.yaml');
});
