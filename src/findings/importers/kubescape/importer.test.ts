import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('a control that failed on a resource is a finding at its file', () => {
  const { findings } = readOwnSample(importer, 'report.json');
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({
    ruleId: 'C-0057',
    severity: 'high',
    description: '- spec.template.spec.containers[0].securityContext.privileged',
    place: { file: 'deploy/shop.yaml', resource: 'Deployment/prod/shop' },
  });
});
