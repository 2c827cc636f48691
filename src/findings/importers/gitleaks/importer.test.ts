import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('gitleaks, version 8', () => {
  const { findings } = readOwnSample(importer, 'sample.json');

  test('the same secret in several commits is one finding at the oldest, the others are its other places', () => {
    expect(findings).toHaveLength(2);
    expect(findings[0]).toMatchObject({
      ruleId: 'aws-access-token',
      severity: 'high',
      place: { file: 'deploy/env.sh', line: 3, commit: 'a1b2c3d4' },
      otherPlaces: [{ file: 'deploy/env.sh', commit: 'b2c3d4e5' }],
      toolFingerprint: 'a1b2c3d4:deploy/env.sh:aws-access-token:3',
    });
  });

  test('nothing of the secret stays, not even in a message of a commit', () => {
    expect(JSON.stringify(findings)).not.toContain('PLANTED_SECRET');
  });

  test('two secrets at one place are two findings', () => {
    const leak = { RuleID: 'a', File: 'f', StartLine: 1, Commit: 'c' };
    const two = [
      { ...leak, Secret: 'one-of-two' },
      { ...leak, Secret: 'two-of-two' },
    ];
    expect(readJson(importer, two).findings).toHaveLength(2);
  });

  test('a name of a file that holds the secret loses it', () => {
    const [found] = readJson(importer, [
      { RuleID: 'a', File: 'f', Secret: 'hunter2hunter2', Description: 'x hunter2hunter2' },
    ]).findings;
    expect(found?.description).toBe('x [redacted]');
  });
});

test('version 7', () => {
  expect(readOwnSample(importer, 'version-7.json').findings).toMatchObject([
    {
      ruleId: 'AWS Access Key',
      place: { file: 'deploy/env.sh', line: 3, commit: 'a1b2c3d4' },
      attributes: { tags: 'key, AWS' },
    },
  ]);
});

test('CSV, with quotes and lines inside of values', () => {
  const { findings, warnings } = readOwnSample(importer, 'sample.csv');
  expect(findings).toMatchObject([{ ruleId: 'aws-access-token', place: { line: 3, column: 12 } }]);
  expect(warnings).toEqual([]);
});
