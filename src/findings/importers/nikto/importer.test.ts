import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('an item is a finding at its address; a document type that only names a file is passed over', () => {
  expect(readOwnSample(importer, 'report.xml')).toMatchObject({
    toolVersion: '2.5.0',
    findings: [
      {
        ruleId: '999986',
        severity: 'low',
        aliases: ['CVE-2002-0001'],
        place: { url: 'https://shop.acme.example:443/admin/', host: 'shop.acme.example', method: 'GET' },
        attributes: { osvdb: '3092' },
      },
    ],
  });
});

test('JSON has the path only', () => {
  expect(readOwnSample(importer, 'report.json').findings[0]?.place.url).toBe(
    'http://shop.acme.example:8443/',
  );
});
