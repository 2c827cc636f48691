import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('vulnerabilities have what is installed, and hints are informational', () => {
  expect(readOwnSample(importer, 'report.json').findings).toMatchObject([
    {
      ruleId: 'xmlrpc',
      kind: 'web',
      severity: 'info',
      confidence: 'high',
      place: { url: 'https://blog.acme.example/xmlrpc.php' },
    },
    {
      ruleId: 'CVE-2017-8295',
      kind: 'dependency',
      severity: 'medium',
      aliases: ['WPVDB-b3f2f3db'],
      place: { url: 'https://blog.acme.example/', package: { name: 'wordpress', version: '4.7.6' } },
    },
    {
      ruleId: 'WPVDB-528fff6c',
      severity: 'high',
      cvss: { score: 7.4 },
      place: { package: { name: 'seo-pack', version: '2.3.12', fixedVersions: ['3.2.7'] } },
    },
  ]);
});
