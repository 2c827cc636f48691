import { z } from 'zod';
import { SecretReference } from '#core/config/secret-reference.ts';

/** Figures and traces for the operator; both are off until they are asked for. */
export const TelemetrySection = z.strictObject({
  metrics: z
    .discriminatedUnion('access', [
      z.strictObject({
        access: z
          .literal('loopback')
          .describe('Only for who connects from this machine, without a proxy in between.'),
      }),
      z.strictObject({
        access: z.literal('token').describe('For who sends the token as `Authorization: Bearer`.'),
        token: SecretReference,
      }),
    ])
    .optional()
    .describe('`GET /metrics` for Prometheus; without it the path is not there.'),
  traces: z
    .strictObject({
      endpoint: z
        .url({ protocol: /^https?$/ })
        .describe('Where OTLP/HTTP is taken as JSON: `https://collector.example/v1/traces`.'),
      headers: z
        .record(
          z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of a header field'),
          SecretReference,
        )
        .default({})
        .describe('Header fields for it, each by reference.'),
      sampleRatio: z.number().min(0).max(1).default(0.01).describe('Part of the exchanges that are traced.'),
      propagateTo: z
        .array(z.string().min(1).max(255))
        .max(50)
        .default([])
        .describe('Hosts (`host` or `host:port`) that get a `traceparent` with our calls.'),
    })
    .optional()
    .describe('OpenTelemetry traces of exchanges.'),
});
export type TelemetrySection = z.infer<typeof TelemetrySection>;
