import { z } from 'zod';

const text = z.string().max(2_000);

/**
 * A workload's identity on the wire. The same as `WorkloadIdentity` of the identity room, said again because
 * clients import only this room; a test of the server holds the two together.
 */
export const Identity = z.strictObject({
  provider: text,
  platform: text,
  issuer: text,
  subject: text,
  org: z.strictObject({ id: text.optional(), name: text.optional() }).optional(),
  project: z
    .strictObject({ id: text.optional(), path: text.optional(), visibility: text.optional() })
    .optional(),
  ref: z
    .strictObject({ full: text.optional(), type: text.optional(), protected: z.boolean().optional() })
    .optional(),
  commit: text.optional(),
  trigger: text.optional(),
  environment: z.strictObject({ name: text, protected: z.boolean().optional() }).optional(),
  config: z.strictObject({ uri: text.optional(), sha: text.optional() }).optional(),
  callee: z.strictObject({ uri: text.optional(), sha: text.optional() }).optional(),
  runner: z
    .strictObject({ hosting: z.enum(['platform', 'self']).optional(), id: text.optional() })
    .optional(),
  run: z
    .strictObject({
      id: text.optional(),
      attempt: text.optional(),
      job: text.optional(),
      url: text.optional(),
    })
    .optional(),
  actor: z.strictObject({ id: text.optional(), login: text.optional() }).optional(),
  forked: z.boolean().optional(),
  interactive: z.boolean().optional(),
  claims: z.record(text, text),
});
export type Identity = z.infer<typeof Identity>;
