import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('a vulnerability has its packages, scores, and what was decided', () => {
  expect(readOwnSample(importer, 'findings.json').findings[0]).toMatchObject({
    tool: 'inspector',
    ruleId: 'CVE-2017-9735',
    kind: 'dependency',
    severity: 'high',
    cvss: { score: 7.5 },
    epss: 0.02,
    exploited: true,
    place: {
      file: '/usr/lib/jetty-server.jar',
      resource: 'arn:aws:ec2:eu-west-1:123456789012:instance/i-1',
      package: { name: 'org.eclipse.jetty:jetty-server', fixedVersions: ['9.4.6'] },
    },
    otherPlaces: [{ package: { name: 'org.eclipse.jetty:jetty-util' } }],
    decision: { state: 'accepted' },
  });
});

test('a control that failed is a finding, one that passed is none', () => {
  const { findings } = readOwnSample(importer, 'findings.json');
  expect(findings).toHaveLength(2);
  expect(findings[1]).toMatchObject({
    tool: 'security-hub',
    ruleId: 'S3.8',
    kind: 'infrastructure',
    severity: 'info',
  });
});
