import { describe, expect, it } from 'vitest';
import { trustPolicyFor } from './trust-policy.ts';

const AUDIENCE = 'sts.amazonaws.com';

describe('the trust policy', () => {
  it('uses patterns only where a subject is one, and the partition of the role', () => {
    const { Statement } = trustPolicyFor({
      roleArn: 'arn:aws-us-gov:iam::123456789012:role/x',
      issuer: 'https://vouchgate.acme.example/tenant',
      audience: AUDIENCE,
      subjects: ['provider:github:org:1:*', 'provider:gitlab:project:2'],
      sessionTags: false,
      sourceIdentity: false,
    });
    expect(Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: {
          Federated: 'arn:aws-us-gov:iam::123456789012:oidc-provider/vouchgate.acme.example/tenant',
        },
        Action: ['sts:AssumeRoleWithWebIdentity'],
        Condition: {
          StringEquals: { 'vouchgate.acme.example/tenant:aud': AUDIENCE },
          StringLike: {
            'vouchgate.acme.example/tenant:sub': ['provider:github:org:1:*', 'provider:gitlab:project:2'],
          },
        },
      },
    ]);
  });
});
