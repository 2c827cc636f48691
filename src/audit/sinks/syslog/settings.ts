import { z } from 'zod';
import { tlsSettings } from '../tls-receiver.ts';

export const SyslogSettings = z.strictObject({
  host: z
    .string()
    .regex(/^[A-Za-z0-9.:-]{1,255}$/, 'must be a host name or an address')
    .describe('Receiver; one with a private address must stand in `network.allowPrivateHosts`.'),
  port: z.int().min(1).max(65_535).default(6_514),
  caFile: tlsSettings.caFile,
  serverName: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('Name in the certificate, when it is not `host`.'),
  client: tlsSettings.client,
  facility: z.int().min(0).max(23).default(13).describe('13 is “log audit”.'),
  hostname: z
    .string()
    .regex(/^[!-~]{1,255}$/)
    .default('vouchgate'),
  enterpriseNumber: z
    .int()
    .min(1)
    .default(32_473)
    .describe(
      'Private enterprise number of the structured data; by default that of documentation (RFC 5612).',
    ),
});
export type SyslogSettings = z.infer<typeof SyslogSettings>;
