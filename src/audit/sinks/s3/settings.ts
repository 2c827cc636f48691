import { z } from 'zod';
import { SecretReference } from '#core/config/secret-reference.ts';
import { SinkUrl } from '../sink-url.ts';

export const S3Settings = z.strictObject({
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,62}$/, 'must be the name of a bucket'),
  prefix: z
    .string()
    .max(500)
    .regex(/^(?:[\w.=-]+\/)*$/, 'must be folders that each end with a slash, such as audit/')
    .refine((text) => !text.split('/').includes('..'), 'must not leave its folder')
    .default('vouchgate/'),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,50}$/)
    .default('us-east-1'),
  endpoint: SinkUrl.optional().describe('Of a store that is not AWS: the bucket becomes part of the path.'),
  accessKeyId: SecretReference,
  secretAccessKey: SecretReference,
  sessionToken: SecretReference.optional(),
  objectLock: z
    .strictObject({
      mode: z.enum(['GOVERNANCE', 'COMPLIANCE']).default('COMPLIANCE'),
      days: z.int().min(1).max(36_500),
    })
    .optional()
    .describe('Nobody deletes or replaces an object before then; the bucket must have Object Lock.'),
});
export type S3Settings = z.infer<typeof S3Settings>;
