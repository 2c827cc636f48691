import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('composer audit --format=json', () => {
  const { findings } = readOwnSample(importer, 'sample.json');

  test('the CVE names the flaw, the others are aliases', () => {
    expect(findings[0]).toMatchObject({
      ruleId: 'CVE-2021-32708',
      severity: 'critical',
      aliases: ['GHSA-9f46-5r25-5wfm', 'PKSA-pwh8-d4fr-nywn'],
      place: { file: 'composer.lock', package: { purl: 'pkg:composer/league/flysystem' } },
    });
  });

  test('what composer.json ignores is decided; PHP may write its list as an object', () => {
    expect(findings[1]).toMatchObject({ decision: { state: 'accepted', reason: 'not used' } });
  });

  test('an abandoned package is information, with what to use instead', () => {
    expect(findings[2]).toMatchObject({
      ruleId: 'abandoned',
      severity: 'info',
      remedy: 'Use symfony/mailer instead.',
    });
  });
});
