import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('a policy is a finding for each repository that fails it', () => {
  const { findings } = readOwnSample(importer, 'report.json');
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({
    ruleId: 'data.repository.code_review_not_required',
    kind: 'pipeline',
    severity: 'high',
    place: { resource: 'https://github.com/acme/shop' },
    remedy: '1. Make sure you have admin permissions\n2. Go to the settings',
  });
});
