import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('a result stands where its path ends, with the way there', () => {
  expect(readOwnSample(importer, 'report.xml').findings[0]).toMatchObject({
    ruleId: 'SQL_Injection',
    title: 'SQL Injection',
    severity: 'high',
    verified: true,
    cwe: [89],
    place: { file: 'src/OrderRepository.java', line: 42, column: 9, symbol: 'find' },
    otherPlaces: [{ file: 'src/OrderController.java', line: 17 }],
    snippet: 'statement.executeQuery(sql);',
    toolFingerprint: 'SQL_Injection:-77711167',
  });
});

test('a result without nodes stands where it says, and false positives are decided', () => {
  expect(readOwnSample(importer, 'report.xml').findings[1]).toMatchObject({
    place: { file: 'src/Admin.java', line: 3 },
    decision: { state: 'false-positive', reason: 'only constants' },
  });
});
