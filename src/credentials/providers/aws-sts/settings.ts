import { z } from 'zod';
import { AwsSession, AwsTemplateText } from '../../token-claims/aws-session.ts';

export const DURATION_SECONDS_MIN = 900;
export const DURATION_SECONDS_MAX = 43_200;
const SESSION_POLICY_CHARS_MAX = 2_048;
const LOOPBACK_HOSTS = new Set(['127.0.0.1', '[::1]', 'localhost']);

const ROLE_ARN = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/[\w+=,.@/-]{1,512}$/;
const POLICY_ARN = /^arn:aws[a-z-]*:iam::(?:aws|\d{12}):policy\/[\w+=,.@/-]{1,512}$/;

function isAllowedEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username !== '' || password !== '' || search !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK_HOSTS.has(hostname));
}

export const AwsStsSettings = z.strictObject({
  /** Region whose STS is asked: the nearest to the server; the session is valid in all. */
  region: z.string().regex(/^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/, 'A region, like `eu-central-1`.'),
  /** For VPC endpoints and for the emulator. */
  endpoint: z
    .string()
    .max(2_000)
    .refine(isAllowedEndpoint, 'An https URL without credentials and query; http on loopback only.')
    .optional(),
  /** Client id of the identity provider in IAM. */
  audience: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'Printable ASCII characters without spaces.')
    .default('sts.amazonaws.com'),
  algorithm: z.enum(['RS256', 'ES256']).default('RS256'),
});
export type AwsStsSettings = z.infer<typeof AwsStsSettings>;

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

export const AwsStsParameters = z
  .strictObject({
    roleArn: z.string().regex(ROLE_ARN, 'The ARN of a role, like `arn:aws:iam::123456789012:role/deploy`.'),
    /** Shown in CloudTrail and in the ARN of the session. */
    sessionName: AwsTemplateText.default('vouchgate-${decision}'),
    /** Shorter than what was asked for; STS gives no session under 15 minutes. */
    durationSeconds: z.int().min(DURATION_SECONDS_MIN).max(DURATION_SECONDS_MAX).optional(),
    /** Narrows what the role may do, for this resource. */
    inlinePolicy: z
      .string()
      .max(SESSION_POLICY_CHARS_MAX)
      .refine(isJsonObject, 'A policy as JSON text.')
      .optional(),
    policyArns: z.array(z.string().regex(POLICY_ARN, 'The ARN of a managed policy.')).max(10).optional(),
    ...AwsSession.shape,
  })
  .superRefine(({ sessionTags, transitiveTagKeys, sourceIdentity }, context) => {
    const { error } = AwsSession.safeParse({ sessionTags, transitiveTagKeys, sourceIdentity });
    for (const { message, path } of error?.issues ?? []) {
      context.addIssue({ code: 'custom', message, path: [...path] });
    }
  });
export type AwsStsParameters = z.infer<typeof AwsStsParameters>;

/** Partition and account of a role; the schema has seen to it that they are there. */
export function partsOfRoleArn(roleArn: string): { partition: string; account: string } {
  const [, partition = 'aws', account = ''] = ROLE_ARN.exec(roleArn) ?? [];
  return { partition, account };
}

export function endpointOf({ endpoint, region }: AwsStsSettings): string {
  if (endpoint !== undefined) return endpoint;
  return `https://sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/`;
}
