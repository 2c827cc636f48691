import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('a leak has its place and decision, and neither its code nor a hash of it', () => {
  const { findings, warnings } = readOwnSample(importer, 'report.json');
  expect(findings[0]).toMatchObject({
    ruleId: 'HS-LEAKS-26',
    kind: 'secret',
    title: 'Hard-coded password',
    severity: 'critical',
    cwe: [798],
    place: { file: 'Dockerfile', line: 115, column: 11 },
    decision: { state: 'accepted' },
  });
  expect(JSON.stringify(findings)).not.toMatch(/PLANTED|2bda97/);
  expect(warnings[0]?.message).toBe('Error while running tool YarnAudit');
});
