import { z } from 'zod';
import { Moment } from './parameters.ts';

export const SealedSecretName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'letters, digits, `.`, `_` and `-`, at most 128 of them');

export const SealedSecretUpdate = z.strictObject({
  value: z
    .string()
    .min(1)
    .max(65_536)
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode'),
  rotateBy: z
    .union([Moment, z.iso.date()])
    .optional()
    .describe('A date (`2026-12-31`, its end in UTC) or a moment.'),
});
export type SealedSecretUpdate = z.infer<typeof SealedSecretUpdate>;

/** A sealed secret as shown; its value never leaves but as a credential. */
export const SealedSecret = z.object({
  name: z.string(),
  updatedAt: Moment,
  rotateBy: Moment.nullable(),
  overdue: z.boolean(),
});
export type SealedSecret = z.infer<typeof SealedSecret>;

export const SealedSecretList = z.object({ secrets: z.array(SealedSecret) });
export type SealedSecretList = z.infer<typeof SealedSecretList>;

export const SealedSecretStored = z.object({ name: z.string(), rotateBy: Moment.nullable() });
export type SealedSecretStored = z.infer<typeof SealedSecretStored>;
