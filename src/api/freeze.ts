import { z } from 'zod';
import { Moment, nameParameter } from './parameters.ts';

/**
 * What is stopped. `repository` is a full name (`acme/shop`), all below one (`acme/*`), or, for names that can change
 * hands, identity provider and id as policies write them (`github/456789`).
 */
export const FreezeTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('everything') }),
  z.strictObject({ kind: z.literal('identityProvider'), name: nameParameter }),
  z.strictObject({ kind: z.literal('resource'), name: nameParameter }),
  z.strictObject({ kind: z.literal('repository'), name: nameParameter }),
]);
export type FreezeTarget = z.infer<typeof FreezeTarget>;

export const FreezeRequest = z.strictObject({
  target: FreezeTarget,
  reason: z.string().trim().min(1).max(500),
  until: Moment.optional().describe('It ends by itself then; without it, when somebody lifts it.'),
  endLeases: z.boolean().default(false).describe('Also end the leases that are live under it.'),
});
export type FreezeRequest = z.infer<typeof FreezeRequest>;

export const Freeze = z.object({
  id: z.string(),
  target: FreezeTarget,
  reason: z.string(),
  frozenBy: z.string(),
  frozenAt: Moment,
  until: Moment.nullable(),
});
export type Freeze = z.infer<typeof Freeze>;

export const FreezeResult = Freeze.extend({
  leases: z
    .object({ revoked: z.int(), pending: z.int() })
    .nullable()
    .describe('Null when leases were left alone; `pending` are tried again by the server.'),
});
export type FreezeResult = z.infer<typeof FreezeResult>;

/** Those in force, newest first. */
export const FreezeList = z.object({ freezes: z.array(Freeze) });
export type FreezeList = z.infer<typeof FreezeList>;
