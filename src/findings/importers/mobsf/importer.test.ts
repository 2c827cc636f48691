import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('every part of a report is read, without what is in order', () => {
  const { findings } = readOwnSample(importer, 'app.json');
  expect(findings.map(({ ruleId, severity, place }) => [ruleId, severity, place.file])).toEqual([
    ['android_read_write_external', 'medium', 'com/acme/shop/Main.java'],
    ['android_read_write_external', 'medium', 'com/acme/shop/Cart.java'],
    ['vulnerable_os_version', 'medium', 'AndroidManifest.xml'],
    ['network_security', 'high', undefined],
    ['Signed Application', 'info', undefined],
    ['binary_stack_canary', 'high', 'lib/libshop.so'],
    ['dangerous_permission', 'low', 'AndroidManifest.xml'],
    ['secret', 'medium', undefined],
  ]);
  expect(findings[0]).toMatchObject({ cwe: [276], place: { line: 172 }, otherPlaces: [{ line: 180 }] });
  expect(findings[7]).toMatchObject({ kind: 'secret', title: 'Possible secret google_api_key' });
  expect(JSON.stringify(findings)).not.toContain('PLANTED');
});

test('mobsfscan is read, and what it shows of a secret is not kept', () => {
  const { findings } = readOwnSample(importer, 'scan.json');
  expect(findings).toMatchObject([
    {
      ruleId: 'android_kotlin_hardcoded',
      severity: 'medium',
      cwe: [798],
      place: { file: 'app/Signatures.kt', line: 10 },
    },
    { ruleId: 'android_certificate_transparency', severity: 'info' },
  ]);
  expect(JSON.stringify(findings)).not.toContain('PLANTED');
});
