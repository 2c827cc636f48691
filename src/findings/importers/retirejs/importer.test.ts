import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('retire --outputformat json', () => {
  const { findings, warnings } = readOwnSample(importer, 'sample.json');

  test('the best known name is the rule, else the number of the issue', () => {
    expect(findings).toMatchObject([
      {
        ruleId: 'CVE-2020-11022',
        aliases: ['GHSA-gxr4-xjj5-5px2'],
        cwe: [79],
        place: { file: 'web/js/jquery.js' },
      },
      { ruleId: 'issue-11974', severity: 'low', place: { package: { fixedVersions: ['1.999.999'] } } },
    ]);
  });

  test('an error is a warning', () => {
    expect(warnings).toMatchObject([{ message: 'Retire.js failed: could not read web/js/broken.js' }]);
  });

  test('version 1 writes the list alone', () => {
    const result = {
      component: 'jquery',
      version: '1.0',
      vulnerabilities: [{ severity: 'high', identifiers: { CVE: 'CVE-2011-4969' } }],
    };
    expect(readJson(importer, [{ file: 'a.js', results: [result] }]).findings).toMatchObject([
      { ruleId: 'CVE-2011-4969' },
    ]);
  });
});
