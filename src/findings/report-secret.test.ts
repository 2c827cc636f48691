import { describe, expect, test } from 'vitest';
import { otherNames } from './report-advisory.ts';
import { createRedactor } from './report-secret.ts';
import { kindOfTool, ownerOfRule, toolFamily } from './tool-family.ts';

const key = ['-----BEGIN', 'KEY-----\nabcdefghijkl\nmnopqrstuvwx\n-----END', 'KEY-----'].join(' ');

describe('taking a secret out of other texts', () => {
  test('it goes in every spelling: as it is, in JSON, in an address, line by line', () => {
    const redact = createRedactor(['p@ss word/1', key]);
    expect(redact('use p@ss word/1!')).toBe('use [redacted]!');
    expect(redact('https://a/?q=p%40ss%20word%2F1')).toBe('https://a/?q=[redacted]');
    expect(redact(`key: ${JSON.stringify(key)}`)).toBe('key: "[redacted]"');
    expect(redact('… mnopqrstuvwx …')).toBe('… [redacted] …');
  });

  test('a short one is not looked for, since it stands in ordinary words', () => {
    expect(createRedactor(['ab', undefined, ''])('about')).toBe('about');
  });

  test('more secrets than can be looked for leave no text', () => {
    const many = Array.from({ length: 400 }, (_, index) => `secret-${index}`);
    expect(createRedactor(many)('a text')).toBeUndefined();
  });

  test('a lone surrogate is no crash', () => {
    expect(createRedactor(['abcd\uD800'])('x')).toBe('x');
  });
});

describe('names', () => {
  test('of advisories are found once, in their usual spelling, without that of the rule', () => {
    expect(
      otherNames('cve-2021-44228', ['CVE-2021-44228, ghsa-JFH8-c2jp-5v3q', 'GHSA-jfh8-c2jp-5v3q']),
    ).toEqual(['GHSA-jfh8-c2jp-5v3q']);
  });

  test.each([
    ['Semgrep OSS', 'semgrep'],
    ['SnykCode', 'snyk'],
    ['Keeping Infrastructure as Code Secure', 'kics'],
    ['  ---  ', undefined],
    ['constructor', 'constructor'],
  ])('the tool %s is of the family %s', (name, family) => {
    expect(toolFamily(name)).toBe(family);
  });

  test('our rules about pipelines and our secrets engine are told apart', () => {
    const kinds = [
      'secret-in-artifact',
      'secret-outside-environment',
      'secrets-inherit',
      'secret-npm-token',
    ].map((id) => kindOfTool('vouchgate', id));
    expect(kinds).toEqual(['pipeline', 'pipeline', 'pipeline', 'secret']);
    expect(kindOfTool('__proto__')).toBeUndefined();
  });

  test('only tools that we run stand before a rule of ours', () => {
    expect(ownerOfRule('tflint/aws_x/y')).toEqual({ tool: 'tflint', ruleId: 'aws_x/y' });
    expect(ownerOfRule('acme/own-rule')).toEqual({ tool: 'vouchgate', ruleId: 'acme/own-rule' });
    expect(ownerOfRule(undefined)).toEqual({ tool: 'vouchgate', ruleId: undefined });
  });
});
