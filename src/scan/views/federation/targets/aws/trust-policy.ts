import type { TrustRequest } from '../target.ts';
import { issuerOf, type SubjectForm, subjectsOf } from '../../bind/subjects.ts';

export const AWS_AUDIENCE = 'sts.amazonaws.com';

/** As IAM takes it. */
export interface AwsTrustPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Effect: 'Allow';
    readonly Principal: { readonly Federated: string };
    readonly Action: 'sts:AssumeRoleWithWebIdentity';
    readonly Condition: { readonly StringEquals: Readonly<Record<string, string | string[]>> };
  }[];
}

export interface AwsTrustOptions extends Omit<TrustRequest, 'name'> {
  readonly accountId: string;
  readonly form: SubjectForm;
  /** Another issuer than the platform's own, as a test has it. */
  readonly issuer?: string;
}

/**
 * Audience and the whole of `sub` are compared, by equality: with a pattern, whoever can name a branch, a tag or an
 * environment to fit it gets in, and so does every repository whose name begins alike.
 */
export function awsTrustPolicy({
  binding,
  identity,
  accountId,
  form,
  issuer,
}: AwsTrustOptions): AwsTrustPolicy {
  const provider = (issuer ?? issuerOf(binding, identity)).replace(/^https?:\/\//, '');
  const [first = '', ...others] = subjectsOf(binding, identity, form);
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${accountId}:oidc-provider/${provider}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [`${provider}:aud`]: AWS_AUDIENCE,
            [`${provider}:sub`]: others.length === 0 ? first : [first, ...others],
          },
        },
      },
    ],
  };
}
