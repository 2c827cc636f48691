import { z } from 'zod';
import { Moment } from './parameters.ts';
import { Sink } from './sink.ts';

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
  posture: z
    .object({
      sources: z
        .array(z.object({ identityProvider: z.string(), type: z.string() }))
        .describe('Where the definitions of pipelines are read.'),
      gatePolicy: z.boolean().describe('Whether `vouchgate.policy.yaml` lies beside the configuration.'),
    })
    .nullable()
    .describe('Null: pipelines are not inspected.'),
  sinks: z
    .array(z.object({ name: z.string(), type: z.string(), state: Sink.shape.state }))
    .describe('Where copies of the record go, and how they do; `GET /v1/sinks` has more.'),
  witnesses: z
    .array(
      z.object({
        name: z.string(),
        cosignedSize: z.int().nullable().describe('Of the newest checkpoint that has its signature.'),
      }),
    )
    .describe('Who signs that the log shows everybody the same.'),
  inputs: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      mode: z.enum(['poll', 'receive']).describe('`poll`: it is asked. `receive`: it delivers.'),
      readAt: Moment.nullable().describe('When it was last read to its end; null for what delivers.'),
    }),
  ),
  telemetry: z.object({ metrics: z.boolean(), traces: z.boolean() }),
});
export type Configuration = z.infer<typeof Configuration>;
