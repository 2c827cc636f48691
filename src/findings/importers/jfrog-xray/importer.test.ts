import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('a row is a finding at the package of the image', () => {
  expect(readOwnSample(importer, 'report.json').findings[0]).toMatchObject({
    ruleId: 'CVE-2016-5300',
    kind: 'container',
    severity: 'medium',
    cvss: { score: 7.5 },
    aliases: ['XRAY-108256'],
    place: {
      image: 'acme/shop:1.4.0',
      package: {
        name: 'expat',
        version: '0:2.1.0-10.el7_3',
        ecosystem: 'rpm',
        fixedVersions: ['0:2.1.0-12.el7'],
      },
    },
  });
});
