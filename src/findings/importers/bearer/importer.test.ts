import { expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('findings stand under their level', () => {
  const { findings } = readOwnSample(importer, 'report.json');
  expect(findings[0]).toMatchObject({
    ruleId: 'javascript_lang_dangerous_insert_html',
    severity: 'high',
    cwe: [79],
    place: { file: 'js/cart.js', line: 240, endLine: 241, column: 3 },
    toolFingerprint: '49180977e4f967d24a868cebe2138529_0',
  });
  expect(findings[1]).toMatchObject({ kind: 'secret', severity: 'info' });
  expect(JSON.stringify(findings)).not.toContain('PLANTED');
});

test('jsonv2 is one list in which each finding names its level', () => {
  const finding = {
    id: 'r',
    title: 't',
    severity: 'critical',
    full_filename: 'a.js',
    line_number: 1,
    fingerprint: 'f_0',
  };
  expect(readJson(importer, { findings: [finding] }).findings[0]?.severity).toBe('critical');
});
