import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('ggshield secret scan --json', () => {
  test('an incident is a finding, its occurrences are its places', () => {
    expect(readOwnSample(importer, 'sample.json').findings).toMatchObject([
      {
        ruleId: 'AWS Keys',
        severity: 'critical',
        verified: true,
        place: { file: 'deploy/env.sh', line: 3, commit: 'b2c3d4e5' },
        otherPlaces: [{ file: 'deploy/env.sh', line: 9 }],
      },
    ]);
  });

  test('a secret that does not work any more is low', () => {
    const incidents = [
      { type: 'AWS Keys', validity: 'invalid', occurrences: [{ match: 'abcdef', line_start: 1 }] },
    ];
    const report = {
      total_incidents: 1,
      total_occurrences: 1,
      entities_with_incidents: [{ filename: 'a', incidents }],
    };
    expect(readJson(importer, report).findings).toMatchObject([
      { severity: 'low', place: { file: 'a', line: 1 } },
    ]);
  });
});
