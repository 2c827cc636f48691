import { isIP } from 'node:net';
import { z } from 'zod';
import { SecretReference } from '#core/config/secret-reference.ts';

/** PostgreSQL cuts longer names off without a word (NAMEDATALEN), and would then mean another role. */
const IDENTIFIER_BYTES_MAX = 63;

export const Identifier = z
  .string()
  .min(1)
  .refine((text) => !text.includes('\0'), 'must not hold a NUL character')
  .refine(
    (text) => Buffer.byteLength(text) <= IDENTIFIER_BYTES_MAX,
    `must be at most ${IDENTIFIER_BYTES_MAX} bytes long`,
  );
export type Identifier = z.infer<typeof Identifier>;

const SslSettings = z.strictObject({
  mode: z
    .enum(['verify-full', 'verify-ca', 'disable'])
    .describe('verify-full: chain and host name; verify-ca: chain only; disable: no TLS.'),
  ca: z
    .union([z.string().startsWith('-----BEGIN CERTIFICATE').max(100_000), SecretReference])
    .optional()
    .describe('Certificate authority (PEM, or where it stands); default: those of the system.'),
  jobMode: z
    .enum(['verify-full', 'verify-ca', 'require', 'prefer', 'disable'])
    .optional()
    .describe('PGSSLMODE of the job; default: the mode above. The job needs the certificate authority too.'),
});

const port = z.int().min(1).max(65_535);
const host = z.string().min(1).max(255);

export const PostgresSettings = z.strictObject({
  host: host.describe('Host name, address, or folder of a unix socket. Not a transaction pooler.'),
  port: port.default(5_432),
  jobHost: host.optional().describe('Where jobs reach the server, when that is not `host`.'),
  jobPort: port.optional(),
  database: Identifier.describe('The database of jobs, and of our own connections.'),
  adminUser: Identifier.describe('Role with CREATEROLE and with ADMIN OPTION on every granted role.'),
  adminPassword: SecretReference.optional().describe('Left out for peer authentication on a unix socket.'),
  ssl: SslSettings.optional().describe('Default: verify-full; disable for loopback and unix sockets.'),
  connectionsMax: z.int().min(1).max(100).default(4),
  statementTimeoutMs: z.int().min(100).max(60_000).default(5_000),
  ownerRole: Identifier.optional().describe(
    'Role that inherits what a job made, when its role is removed; without it that is dropped.',
  ),
});
export type PostgresSettings = z.infer<typeof PostgresSettings>;

export const PostgresParameters = z.strictObject({
  memberOf: z
    .array(Identifier)
    .min(1)
    .max(10)
    .refine((roles) => new Set(roles).size === roles.length, 'names a role twice')
    .describe('Group roles whose rights the job gets.'),
  connectionLimit: z.int().min(1).max(1_000).default(4),
  database: Identifier.optional().describe('Another database of the same server.'),
  reassignOwnedTo: Identifier.optional().describe('Overrides `ownerRole` of the provider.'),
  databaseUrl: z.boolean().default(false).describe('Sets DATABASE_URL too.'),
});
export type PostgresParameters = z.infer<typeof PostgresParameters>;

export function isLocalHost(name: string): boolean {
  if (name.startsWith('/') || name === 'localhost' || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

export type SslMode = z.infer<typeof SslSettings>['mode'];

/** TLS unless the connection cannot leave the machine, or somebody wrote down that it shall not be. */
export function sslModeOf(settings: PostgresSettings): SslMode {
  return settings.ssl?.mode ?? (isLocalHost(settings.host) ? 'disable' : 'verify-full');
}
