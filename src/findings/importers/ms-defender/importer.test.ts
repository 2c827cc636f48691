import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeZip } from '#core/testing/make-zip.ts';
import { ReportContent } from '../../report-content.ts';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('a vulnerability of a machine is a finding', () => {
  expect(readOwnSample(importer, 'vulnerabilities.json').findings[0]).toMatchObject({
    ruleId: 'CVE-2024-0001',
    severity: 'high',
    place: { host: 'm1', package: { name: 'acme/tools', version: '1.2.3' } },
    remedy: 'Install KB5034441.',
  });
});

test('an archive names the machines, and a broken file costs a warning', () => {
  const vulnerabilities = readFileSync(path.join(import.meta.dirname, 'vulnerabilities.json'));
  const machines = Buffer.from(
    '{"value":[{"id":"m1","computerDnsName":"till.acme.example","osPlatform":"Windows11"}]}',
  );
  const bytes = makeZip([
    { name: 'machines/machines.json', data: machines },
    { name: 'vulnerabilities/a.json', data: vulnerabilities },
    { name: 'vulnerabilities/b.json', data: Buffer.from('{') },
  ]);
  const content = new ReportContent('defender.zip', bytes);
  expect(importer.recognise(content)).toBe(2);
  const { findings, warnings } = importer.read(content);
  expect(findings[0]?.place.host).toBe('till.acme.example');
  expect(warnings[0]?.at).toBe('vulnerabilities/b.json');
});
