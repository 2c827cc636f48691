import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('an entry that is written twice is one finding', () => {
  expect(readOwnSample(importer, 'report.json').findings).toMatchObject([
    { ruleId: 'Potential API Key found', severity: 'info', place: { file: 'lib/libshop.so', line: 11 } },
    { ruleId: 'Manifest is manually set to debug', severity: 'high', place: { file: 'AndroidManifest.xml' } },
  ]);
});
