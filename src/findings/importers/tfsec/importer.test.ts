import { describe, expect, test } from 'vitest';
import { readJson, readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('tfsec --format json', () => {
  const { findings } = readOwnSample(importer, 'sample.json');

  test('a module that is used twice is one finding with both resources', () => {
    expect(findings[0]).toMatchObject({
      ruleId: 'aws-ec2-no-public-ingress-sgr',
      aliases: ['AVD-AWS-0107'],
      severity: 'critical',
      place: { line: 40, resource: 'module.a.aws_security_group_rule.web' },
      otherPlaces: [{ resource: 'module.b.aws_security_group_rule.web' }],
    });
  });

  test('what was ignored is decided, what passed is none', () => {
    expect(findings.map(({ decision }) => decision?.state)).toEqual([undefined, 'accepted']);
  });

  test('before 0.60: passed checks, and resources in the description', () => {
    const [found] = readOwnSample(importer, 'version-0.json').findings;
    expect(found).toMatchObject({ severity: 'medium', place: { resource: 'acme_identity.shop', line: 22 } });
    const passed = { rule_id: 'A', rule_description: 'b', location: {}, passed: true };
    expect(readJson(importer, { results: [passed] }).findings).toEqual([]);
  });
});
