import { z } from 'zod';
import { Fact } from './fact.ts';
import { Freeze } from './freeze.ts';
import { Identity } from './identity.ts';
import { Moment, nameParameter } from './parameters.ts';

/** A platform's token is a few kilobytes; more than this is none. */
const token = z.string().min(1).max(65_536);

/** Why a token was not accepted. */
export const Refusal = z.object({
  code: z.string(),
  message: z.string(),
  facts: z.array(Fact),
  remedy: z.string(),
  retryable: z.boolean(),
});
export type Refusal = z.infer<typeof Refusal>;

export const WhoamiRequest = z.strictObject({ token });
export type WhoamiRequest = z.infer<typeof WhoamiRequest>;

/** Who the server takes the token's holder for. The token is verified, not used up. */
export const WhoamiResult = z.discriminatedUnion('accepted', [
  z.object({
    accepted: z.literal(true),
    identity: Identity,
    principal: z.string(),
    expiresAt: Moment,
  }),
  z.object({ accepted: z.literal(false), refusal: Refusal }),
]);
export type WhoamiResult = z.infer<typeof WhoamiResult>;

/** Exactly one of `token`, `identity` and `decision`, whose recorded identity is taken. */
export const SimulationRequest = z.union([
  z.strictObject({ token, resource: nameParameter }),
  z.strictObject({ identity: Identity, resource: nameParameter }),
  z.strictObject({ decision: nameParameter, resource: nameParameter.optional() }),
]);
export type SimulationRequest = z.infer<typeof SimulationRequest>;

export const PolicyDecision = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('allow'),
    determining: z.array(z.string()),
    policyVersion: z.string(),
  }),
  z.object({
    outcome: z.literal('deny'),
    reason: z.enum(['no_permit', 'forbidden', 'evaluation_error']),
    determining: z.array(z.string()),
    facts: z.array(Fact),
    policyVersion: z.string(),
  }),
]);
export type PolicyDecision = z.infer<typeof PolicyDecision>;

/** What would be decided. `refusal` when the token does not pass; `decision` null when it never got so far. */
export const SimulationResult = z.object({
  identity: Identity.nullable(),
  refusal: Refusal.nullable(),
  decision: PolicyDecision.nullable(),
  resource: z.string(),
  resourceKnown: z.boolean(),
  frozen: Freeze.nullable().describe('What would stop it, whatever the policies say.'),
  recorded: z
    .object({ decision: z.string(), time: Moment, outcome: z.enum(['allowed', 'denied']) })
    .nullable()
    .describe('The decision whose identity was taken, as it was made then.'),
});
export type SimulationResult = z.infer<typeof SimulationResult>;
