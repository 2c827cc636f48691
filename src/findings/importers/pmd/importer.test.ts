import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('a table, XML and JSON say the same in three ways', () => {
  expect(readOwnSample(importer, 'report.csv').findings).toMatchObject([
    {
      ruleId: 'InsecureCryptoIv',
      kind: 'code',
      severity: 'medium',
      place: { file: '/srv/shop/src/Run.java', line: 21 },
    },
    { ruleId: 'CollapsibleIfStatements', kind: 'quality', severity: 'info' },
  ]);
  expect(readOwnSample(importer, 'report.xml')).toMatchObject({
    toolVersion: '7.10.0',
    findings: [
      {
        ruleId: 'HardCodedCryptoKey',
        title: 'Do not use hard coded encryption keys',
        severity: 'high',
        place: { line: 21, endLine: 22, column: 5, symbol: 'com.acme.shop.Run.start' },
      },
    ],
    warnings: [{ at: '/srv/shop/src/Broken.java', message: 'ParseException' }],
  });
  expect(readOwnSample(importer, 'report.json').findings[0]).toMatchObject({
    ruleId: 'UnusedLocalVariable',
    place: { line: 4 },
  });
});
