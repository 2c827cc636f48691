import { describe, expect, it } from 'vitest';
import { AwsStsParameters, AwsStsSettings, endpointOf } from './settings.ts';

const ROLE_ARN = 'arn:aws:iam::123456789012:role/ci/deploy';

describe('configuration', () => {
  it.each([
    [{ region: 'Frankfurt' }],
    [{ region: 'eu-central-1', endpoint: 'http://sts.example.com' }],
    [{ region: 'eu-central-1', endpoint: 'https://user:word@sts.example.com' }],
    [{ region: 'eu-central-1', endpoint: 'file:///etc/passwd' }],
    [{ region: 'eu-central-1', algorithm: 'HS256' }],
  ])('refuses the settings %j', (settings) => {
    expect(AwsStsSettings.safeParse(settings).success).toBe(false);
  });

  it.each([
    [{ roleArn: 'arn:aws:iam::123:role/x' }],
    [{ roleArn: 'arn:aws:iam::123456789012:user/x' }],
    [{ durationSeconds: 899 }],
    [{ durationSeconds: 43_201 }],
    [{ inlinePolicy: 'not JSON' }],
    [{ inlinePolicy: '[]' }],
    [{ policyArns: ['admin'] }],
    [{ sessionName: '${secret}' }],
    [{ transitiveTagKeys: ['x'] }],
    [{ sessionTags: { a: 'x', A: 'y' } }],
  ])('refuses the parameters %j', (parameters) => {
    expect(AwsStsParameters.safeParse({ roleArn: ROLE_ARN, ...parameters }).success).toBe(false);
  });
});

describe('the endpoint', () => {
  it.each([
    ['eu-central-1', 'https://sts.eu-central-1.amazonaws.com/'],
    ['cn-north-1', 'https://sts.cn-north-1.amazonaws.com.cn/'],
    ['us-gov-west-1', 'https://sts.us-gov-west-1.amazonaws.com/'],
  ])('of %s is that of AWS', (region, expected) => {
    expect(endpointOf(AwsStsSettings.parse({ region }))).toBe(expected);
  });

  it('is what the settings say where they do', () => {
    const endpoint = 'http://127.0.0.1:4566';
    expect(endpointOf(AwsStsSettings.parse({ region: 'eu-central-1', endpoint }))).toBe(endpoint);
  });
});
