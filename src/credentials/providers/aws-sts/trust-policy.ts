import { partsOfRoleArn } from './settings.ts';

export interface TrustPolicyOptions {
  roleArn: string;
  /** Issuer URL of this Vouchgate. */
  issuer: string;
  audience: string;
  /** Subjects that may assume the role, as they stand in `sub`; `*` and `?` in one make it a pattern. */
  subjects: readonly [string, ...string[]];
  /** True when tokens carry session tags, or a source identity. */
  sessionTags: boolean;
  sourceIdentity: boolean;
}

type Condition = Record<string, Record<string, string | readonly string[]>>;

/** A role's trust policy, ready for `aws iam update-assume-role-policy`. */
export interface TrustPolicy {
  Version: '2012-10-17';
  Statement: readonly {
    Effect: 'Allow';
    Principal: { Federated: string };
    Action: readonly string[];
    Condition: Condition;
  }[];
}

/**
 * What the role in AWS must say for our tokens to be accepted, and no more than that: this issuer, this audience,
 * these subjects. Each action that a token needs is listed, as AWS refuses the whole call when one is not.
 */
export function trustPolicyFor(options: TrustPolicyOptions): TrustPolicy {
  const { partition, account } = partsOfRoleArn(options.roleArn);
  // IAM names an identity provider, and its condition keys, by the issuer without the scheme.
  const providerName = options.issuer.replace(/^https?:\/\//, '');
  const isPattern = options.subjects.some((subject) => /[*?]/.test(subject));
  const [first, ...others] = options.subjects;
  const subject = others.length === 0 ? first : options.subjects;
  const audienceIs = { [`${providerName}:aud`]: options.audience };
  const subjectIs = { [`${providerName}:sub`]: subject };
  const actions = ['sts:AssumeRoleWithWebIdentity'];
  if (options.sessionTags) actions.push('sts:TagSession');
  if (options.sourceIdentity) actions.push('sts:SetSourceIdentity');
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${providerName}` },
        Action: actions,
        Condition: isPattern
          ? { StringEquals: audienceIs, StringLike: subjectIs }
          : { StringEquals: { ...audienceIs, ...subjectIs } },
      },
    ],
  };
}
