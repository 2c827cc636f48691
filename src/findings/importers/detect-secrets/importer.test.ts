import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('a baseline of detect-secrets', () => {
  const { findings, toolVersion } = readOwnSample(importer, 'sample.json');

  test('a verified secret is critical; what a person called no secret is a false positive', () => {
    expect(toolVersion).toBe('1.5.0');
    expect(findings).toMatchObject([
      {
        ruleId: 'AWS Access Key',
        severity: 'critical',
        verified: true,
        place: { file: 'deploy/env.sh', line: 3 },
      },
      { ruleId: 'Secret Keyword', decision: { state: 'false-positive' } },
    ]);
  });

  test('the hash of a secret is not kept: without a key it can be tried out', () => {
    expect(JSON.stringify(findings)).not.toContain('PLANTED_SECRET');
    expect(findings[0]).not.toHaveProperty('toolFingerprint');
  });
});
