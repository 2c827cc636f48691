import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import type { ClientConfig } from 'pg';
import { CredentialError } from '../../credential-error.ts';
import type { CredentialProviderContext } from '../../provider.ts';
import { type PostgresSettings, sslModeOf } from './settings.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const LOCK_TIMEOUT_MS_MAX = 3_000;
/** Beyond the server's own limit: for a server that fell silent without closing the connection. */
const SILENCE_MS = 2_000;

type Context = Pick<CredentialProviderContext, 'resolveSecret'>;

async function tlsOptions(settings: PostgresSettings, context: Context): Promise<ConnectionOptions | false> {
  const mode = sslModeOf(settings);
  if (mode === 'disable') return false;
  const ca = settings.ssl?.ca;
  const pem = typeof ca === 'object' ? (await context.resolveSecret(ca)).reveal() : ca;
  return {
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(pem !== undefined && { ca: pem }),
    // By our own setting: for an address in `host`, pg leaves Node to compare with "localhost".
    checkServerIdentity: (_, certificate) =>
      mode === 'verify-ca' ? undefined : checkServerIdentity(settings.host, certificate),
  };
}

/**
 * How we connect as the administrator. Everything is given, for pg fills gaps from PGPASSWORD, `.pgpass` and
 * the like. UTF8, because in other encodings a byte of a character may be a quote; `search_path`, because
 * whoever may create in `public` could put an operator of theirs before the system's (CVE-2018-1058).
 */
export async function connectionOptions(
  settings: PostgresSettings,
  context: Context,
  database: string,
): Promise<ClientConfig> {
  const { adminPassword, statementTimeoutMs } = settings;
  return {
    host: settings.host,
    port: settings.port,
    user: settings.adminUser,
    database,
    // Asked for at each connection, so that a rotated one is taken up.
    password: async () => {
      if (adminPassword !== undefined) return (await context.resolveSecret(adminPassword)).reveal();
      throw new CredentialError(
        'backend_misconfigured',
        'The server asks for a password; none is configured.',
        {
          remedy: 'Set `adminPassword`, or allow peer authentication on a unix socket.',
        },
      );
    },
    ssl: await tlsOptions(settings, context),
    sslnegotiation: 'postgres',
    enableChannelBinding: true,
    application_name: 'vouchgate',
    client_encoding: 'UTF8',
    options: '-c search_path=pg_catalog',
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    lock_timeout: Math.min(statementTimeoutMs, LOCK_TIMEOUT_MS_MAX),
    idle_in_transaction_session_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + SILENCE_MS,
  };
}
