import { z } from 'zod';
import { Moment } from './parameters.ts';

/** What is in force, and the newest change that was refused while it stands. */
export const Configuration = z.object({
  inForce: z
    .object({ id: z.string(), digest: z.string(), appliedAt: Moment })
    .nullable()
    .describe('Null while no valid configuration was ever loaded: everything is denied.'),
  refused: z
    .object({
      at: Moment,
      problems: z.array(
        z.object({
          file: z.string(),
          line: z.int(),
          message: z.string(),
          remedy: z.string(),
        }),
      ),
    })
    .nullable(),
  resources: z.array(
    z.object({
      name: z.string(),
      credentialType: z.string(),
      credentialProvider: z.string(),
      privileged: z.boolean(),
      storedSecret: z.boolean().describe('True for debt: a long-lived value is handed on.'),
    }),
  ),
  identityProviders: z.array(z.object({ name: z.string(), platform: z.string(), issuer: z.string() })),
  policies: z.array(z.object({ id: z.string(), file: z.string(), effect: z.enum(['permit', 'forbid']) })),
});
export type Configuration = z.infer<typeof Configuration>;
