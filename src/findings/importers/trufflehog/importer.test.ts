import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('version 3: what was tried and works is critical', () => {
  const { findings, warnings } = readOwnSample(importer, 'sample.jsonl');
  expect(findings).toMatchObject([
    {
      ruleId: 'AWS',
      severity: 'critical',
      verified: true,
      place: { file: 'deploy/env.sh', line: 3, commit: 'b2c3d4e5' },
    },
    { ruleId: 'Github', severity: 'high', place: { image: 'acme/shop:1.4', file: '/app/.env' } },
  ]);
  expect(findings[1]).not.toHaveProperty('verified');
  expect(warnings).toEqual([]);
});

test('version 2: a pattern weighs more than entropy', () => {
  expect(readOwnSample(importer, 'version-2.jsonl').findings).toMatchObject([
    { ruleId: 'AWS API Key', severity: 'high' },
    { ruleId: 'High Entropy', severity: 'medium' },
  ]);
});

test('the package trufflehog3', () => {
  expect(readOwnSample(importer, 'trufflehog3.json').findings).toMatchObject([
    {
      ruleId: 'high-entropy',
      severity: 'medium',
      place: { file: 'deploy/env.sh', line: 3, commit: 'a1b2c3d4' },
    },
  ]);
});

describe('a line that is no result', () => {
  test('is a warning, and the rest is read', () => {
    const result = { DetectorName: 'AWS', SourceMetadata: { Data: {} }, Raw: 'x' };
    const { findings, warnings } = readJson(importer, [result, { other: 1 }]);
    expect(findings).toHaveLength(1);
    expect(warnings).toEqual([{ at: 'result[1]', message: 'this is no result of TruffleHog' }]);
  });
});
