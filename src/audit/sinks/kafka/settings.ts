import { z } from 'zod';
import { SecretReference } from '#core/config/secret-reference.ts';
import { tlsSettings } from '../tls-receiver.ts';

const BROKER = /^(?<host>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,255}):(?<port>\d{1,5})$/;
const PORT_MAX = 65_535;

/** Where a broker listens. */
export interface Broker {
  readonly host: string;
  readonly port: number;
}

/** Undefined for what is no `host:port`. */
export function parseBroker(text: string): Broker | undefined {
  const groups = BROKER.exec(text)?.groups;
  const port = Number(groups?.['port']);
  if (groups?.['host'] === undefined || !(port >= 1 && port <= PORT_MAX)) return undefined;
  return { host: groups['host'].replaceAll(/[[\]]/g, ''), port };
}

const BrokerText = z
  .string()
  .max(300)
  .transform((text, context): Broker => {
    const broker = parseBroker(text);
    if (broker !== undefined) return broker;
    context.addIssue({ code: 'custom', message: 'must be host:port, such as kafka.acme.example:9093' });
    return z.NEVER;
  });

export const KafkaSettings = z
  .strictObject({
    brokers: z
      .array(BrokerText)
      .min(1)
      .max(20)
      .describe(
        'Where the cluster is asked for its brokers, as `host:port`. These and the brokers that it names are judged alike: one with a private address must stand in `network.allowPrivateHosts`.',
      ),
    topic: z
      .string()
      .regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/, 'must be the name of a topic')
      .default('vouchgate.audit')
      .describe('Must be there already, for this record alone, and never be compacted.'),
    tls: z
      .boolean()
      .default(true)
      .describe('false is for hosts of `network.allowPrivateHosts` only, and not for SASL PLAIN.'),
    ...tlsSettings,
    sasl: z
      .strictObject({
        mechanism: z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']),
        username: z.string().regex(/^[^\p{Cc}]{1,200}$/u, 'must be 1 to 200 printable characters'),
        password: SecretReference,
      })
      .optional(),
  })
  .refine(({ tls, sasl }) => tls || sasl?.mechanism !== 'PLAIN', {
    message: 'PLAIN shows the password to everybody on the way: it needs TLS',
    path: ['sasl', 'mechanism'],
  })
  .refine(({ tls, client, caFile }) => tls || (client === undefined && caFile === undefined), {
    message: 'caFile and client are for TLS',
    path: ['tls'],
  });
export type KafkaSettings = z.infer<typeof KafkaSettings>;
