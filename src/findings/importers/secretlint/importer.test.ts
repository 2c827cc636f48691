import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('secretlint --format json', () => {
  const { findings } = readOwnSample(importer, 'sample.json');

  test('the place is counted from 1 and the title is the kind of the message', () => {
    expect(findings).toMatchObject([
      {
        ruleId: '@secretlint/secretlint-rule-aws',
        title: 'AWS Access Key ID in /src/shop/deploy/env.sh',
        severity: 'high',
        place: { line: 2, column: 5, endColumn: 25 },
      },
    ]);
  });

  test('the message, which shows the secret, is not kept', () => {
    expect(findings[0]?.description).toBe('');
  });
});
