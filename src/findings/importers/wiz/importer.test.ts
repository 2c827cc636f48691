import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('an issue is a finding at its resource, with what was decided', () => {
  expect(readOwnSample(importer, 'issues.csv').findings).toMatchObject([
    {
      ruleId: '5bd69891-b61f',
      kind: 'infrastructure',
      severity: 'info',
      place: { resource: 'k8s/user/shop' },
      toolFingerprint: '0029ee49-c676',
    },
    { severity: 'high', decision: { state: 'fixed', reason: 'issue fixed' } },
  ]);
});

test('a vulnerability has its package, and is exploited when CISA says so', () => {
  expect(readOwnSample(importer, 'vulnerabilities.csv').findings[0]).toMatchObject({
    ruleId: 'CVE-2022-23648',
    kind: 'dependency',
    exploited: true,
    aliases: ['GHSA-crp2-qrr5-8pq7'],
    place: {
      file: '/usr/bin/containerd',
      package: { name: 'github.com/containerd/containerd', fixedVersions: ['1.4.13'] },
    },
  });
});
