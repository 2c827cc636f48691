import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('what a server accepts and should not is a finding; a server that was not reached is a warning', () => {
  const { findings, warnings } = readOwnSample(importer, 'report.json');
  expect(findings.map(({ ruleId, severity }) => [ruleId, severity])).toEqual([
    ['tls_1_0', 'medium'],
    ['tls_1_2_weak_suites', 'medium'],
    ['heartbleed', 'critical'],
    ['certificate_hostname', 'medium'],
  ]);
  expect(findings[1]?.description).toBe('- TLS_RSA_WITH_3DES_EDE_CBC_SHA');
  expect(findings[0]?.place).toEqual({ host: 'shop.acme.example:443' });
  expect(warnings[0]?.message).toContain('down.acme.example:443 was not scanned');
});

test('the XML of version 1 says the same', () => {
  const { findings, warnings, toolVersion } = readOwnSample(importer, 'report.xml');
  expect(toolVersion).toBe('1.4.3');
  expect(findings.map(({ ruleId, severity, place }) => [ruleId, severity, place.host])).toEqual([
    ['tls_1_0', 'medium', 'shop.acme.example:443'],
    ['tls_1_2_weak_suites', 'low', 'shop.acme.example:443'],
    ['openssl_ccs_injection', 'high', 'shop.acme.example:443'],
    ['certificate_trust', 'medium', 'shop.acme.example:443'],
  ]);
  expect(warnings[0]?.message).toBe('Could not resolve');
});
