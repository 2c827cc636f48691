import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('a result is a finding at its resource and container', () => {
  expect(readOwnSample(importer, 'results.jsonl').findings).toMatchObject([
    { ruleId: 'PrivilegedTrue', severity: 'high', place: { resource: 'Deployment/prod/shop/shop' } },
    { ruleId: 'DeprecatedAPIUsed', severity: 'medium', place: { resource: 'ComponentStatus/etcd-0' } },
  ]);
});
