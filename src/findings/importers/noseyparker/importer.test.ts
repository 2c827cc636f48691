import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('noseyparker report', () => {
  const { findings } = readOwnSample(importer, 'sample.jsonl');

  test('one secret at one line of a file is one finding, wherever it was read from', () => {
    expect(findings).toHaveLength(2);
    expect(findings[0]).toMatchObject({
      ruleId: 'np.aws.1',
      place: { file: 'deploy/env.sh', line: 3, commit: 'a1b2c3d4' },
      otherPlaces: [{ file: 'deploy/env.sh', line: 3 }],
      toolFingerprint: 'f7532bb5152f116bf4d4ca4230255303b75433c6',
    });
  });

  test('what somebody rejected is a false positive', () => {
    expect(findings.map(({ decision }) => decision)).toEqual([
      { state: 'false-positive', reason: 'an example' },
      undefined,
    ]);
  });
});
