import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeZip } from '#core/testing/make-zip.ts';
import { ReportContent } from '../../report-content.ts';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('a row of the table is a finding of its component', () => {
  expect(readOwnSample(importer, 'security.csv').findings).toMatchObject([
    {
      ruleId: 'BDSA-2019-2725',
      severity: 'low',
      cvss: { score: 5 },
      aliases: ['CVE-2019-12402'],
      place: {
        package: { name: 'org.apache.commons:commons-compress', version: '1.18', ecosystem: 'maven' },
      },
      decision: { state: 'accepted', reason: 'only our own files' },
    },
    { ruleId: 'VULNDB-106409', severity: 'high' },
  ]);
});

test('an archive also says in which files the component is', () => {
  const table = readFileSync(path.join(import.meta.dirname, 'security.csv'));
  const files =
    'Project id,Version id,Path,Archive context\nc1,v1,/lib/compress.jar,/app.war!\nc1,v1,/b.jar,\n';
  const bytes = makeZip([
    { name: 'out/security_1.csv', data: table },
    { name: 'out/files_1.csv', data: Buffer.from(files) },
  ]);
  const content = new ReportContent('blackduck.zip', bytes);
  expect(importer.recognise(content)).toBe(2);
  expect(importer.read(content).findings[0]).toMatchObject({
    place: { file: '/app.war!/lib/compress.jar' },
    otherPlaces: [{ file: '/b.jar' }],
  });
});
