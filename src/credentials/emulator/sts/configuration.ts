import { z } from 'zod';
import { TrustPolicy } from './trust-policy.ts';

const Jwks = z.object({
  keys: z.array(z.looseObject({ kty: z.string() })).max(100),
});

/** An identity provider as it is set up in IAM. */
const StsProvider = z
  .strictObject({
    issuer: z.url({ protocol: /^https?$/ }).max(255),
    /** Keys as they are, or where to fetch them; without either they are found by the issuer's discovery document. */
    jwks: Jwks.optional(),
    jwksUrl: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .optional(),
    /** IAM's “client ids”. */
    audiences: z.array(z.string().min(1).max(255)).min(1).max(100),
  })
  .refine(({ jwks, jwksUrl }) => jwks === undefined || jwksUrl === undefined, 'Either jwks or jwksUrl.');

const StsRole = z.strictObject({
  arn: z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, 'The ARN of a role.'),
  trustPolicy: TrustPolicy,
  maxSessionDurationSeconds: z.int().min(3_600).max(43_200).default(3_600),
});

/** The file of `vouchgate dev sts --config FILE`. */
export const StsEmulatorConfiguration = z.strictObject({
  host: z.string().max(255).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(0),
  providers: z.array(StsProvider).min(1).max(100),
  roles: z.array(StsRole).max(1_000),
});
export type StsEmulatorConfiguration = z.infer<typeof StsEmulatorConfiguration>;
export type StsProvider = z.infer<typeof StsProvider>;
export type StsRole = z.infer<typeof StsRole>;
