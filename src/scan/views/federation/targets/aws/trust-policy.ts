import type { Binding } from '../../bind/binding.ts';
import { tokensOf } from '../../bind/platform-tokens.ts';
import type { RepositoryIdentity } from '../../bind/repository-identity.ts';
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
    readonly Condition: {
      readonly StringEquals: Readonly<Record<string, string | string[]>>;
      readonly StringLike?: Readonly<Record<string, string | string[]>>;
    };
  }[];
}

export interface AwsTrustOptions extends Omit<TrustRequest, 'name'> {
  readonly accountId: string;
  readonly form: SubjectForm;
  /** Another issuer than the platform's own, as a test has it. */
  readonly issuer?: string;
}

/** What AWS is asked for: what the patch asks for, else what the platform writes into its tokens. */
export function awsAudience({ platform }: Binding, identity: RepositoryIdentity): string {
  return tokensOf(platform)?.audience(identity) ?? AWS_AUDIENCE;
}

/** Where a part of the subject differs from run to run, it can only be compared by a pattern. */
export function subjectOperator(subjects: readonly string[]): 'StringEquals' | 'StringLike' {
  return subjects.some((subject) => /[*?]/.test(subject)) ? 'StringLike' : 'StringEquals';
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
  const subjects = subjectsOf(binding, identity, form);
  const [first = '', ...others] = subjects;
  const audience = { [`${provider}:aud`]: awsAudience(binding, identity) };
  const subject = { [`${provider}:sub`]: others.length === 0 ? first : [first, ...others] };
  const isExact = subjectOperator(subjects) === 'StringEquals';
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${accountId}:oidc-provider/${provider}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: isExact
          ? { StringEquals: { ...audience, ...subject } }
          : { StringEquals: audience, StringLike: subject },
      },
    ],
  };
}
