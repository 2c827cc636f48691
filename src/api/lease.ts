import { z } from 'zod';
import { Moment, limitParameter, listParameter, nameParameter } from './parameters.ts';

export const LeaseState = z.enum([
  'pending',
  'active',
  'revoking',
  'revoked',
  'expired',
  'failed',
  'irrevocable',
]);
export type LeaseState = z.infer<typeof LeaseState>;

/** A lease as shown: never its token, never the credential. */
export const Lease = z.object({
  id: z.string(),
  decision: z.string(),
  state: LeaseState.describe('What needs no revocation counts as `expired` once its time has passed.'),
  resource: z.string(),
  credentialProvider: z.string(),
  principal: z.string(),
  workload: z.string(),
  holder: z.string().nullable().describe('Thumbprint (RFC 7638) of the key that the holder proved.'),
  handle: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .describe('Name of what was made in the back-end, such as the database role.'),
  revocable: z.boolean(),
  createdAt: Moment,
  expiresAt: Moment,
  expiresAtMax: Moment.describe('Renewal cannot go past this.'),
  endedAt: Moment.nullable(),
  attempts: z.int().describe('Failed attempts at ending it.'),
  lastError: z.string().nullable(),
});
export type Lease = z.infer<typeof Lease>;

export const LeaseQuery = z.strictObject({
  state: listParameter(LeaseState).optional(),
  resource: nameParameter.optional(),
  credentialProvider: nameParameter.optional(),
  principal: nameParameter.optional(),
  decision: nameParameter.optional(),
  before: nameParameter.optional().describe('`next` of the page before.'),
  limit: limitParameter,
});
export type LeaseQuery = z.infer<typeof LeaseQuery>;

/** Newest first. */
export const LeasePage = z.object({ leases: z.array(Lease), next: z.string().nullable() });
export type LeasePage = z.infer<typeof LeasePage>;

/** Which leases to revoke; an empty filter is refused, `{all: true}` means all. */
export const LeaseRevocation = z.strictObject({
  filter: z.strictObject({
    states: z.array(LeaseState).min(1).max(7).optional(),
    resource: nameParameter.optional(),
    credentialProvider: nameParameter.optional(),
    principal: nameParameter.optional(),
    decision: nameParameter.optional(),
    all: z.literal(true).optional(),
  }),
});
export type LeaseRevocation = z.infer<typeof LeaseRevocation>;

export const LeaseRevocationResult = z.object({
  revoked: z.int().min(0),
  pending: z.array(z.string()).describe('Leases that could not be undone yet; they are tried again.'),
});
export type LeaseRevocationResult = z.infer<typeof LeaseRevocationResult>;
