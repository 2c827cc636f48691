import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('a report is a finding at its file, with the description of its check', () => {
  const { findings, toolVersion } = readOwnSample(importer, 'report.json');
  expect(toolVersion).toBe('0.8.3');
  expect(findings[0]).toMatchObject({
    ruleId: 'latest-tag',
    severity: 'medium',
    place: { file: 'deploy/shop.yaml', resource: 'Deployment/shop' },
    remedy: 'Use a container image with a specific tag other than latest.',
  });
  expect(findings[0]?.description).toContain('Indicates when');
});
