import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('Yarn 1: an advisory that is said for each way is one finding', () => {
  const { findings, warnings } = readOwnSample(importer, 'sample.jsonl');
  expect(findings).toMatchObject([
    { tool: 'yarn-audit', ruleId: 'GHSA-jf85-cpcp-j695', severity: 'critical' },
  ]);
  expect(warnings).toEqual([{ at: 'line[3]', message: 'Yarn says: a request was cut off' }]);
});

describe('Yarn 4', () => {
  const { findings } = readOwnSample(importer, 'version-4.jsonl');

  test('versions in the tree are places', () => {
    expect(findings[0]).toMatchObject({
      ruleId: 'GHSA-jf85-cpcp-j695',
      place: { package: { version: '4.17.11' } },
      otherPlaces: [{ package: { version: '3.10.1' } }],
    });
  });

  test('a deprecation is no vulnerability', () => {
    expect(findings[1]).toMatchObject({ kind: 'quality', ruleId: 'deprecation', severity: 'info' });
  });
});
