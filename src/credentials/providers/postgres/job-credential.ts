import { Secret } from '#core/secret.ts';
import type { IssuedCredential } from '../../provider.ts';
import { type PostgresParameters, type PostgresSettings, sslModeOf } from './settings.ts';

const ENVIRONMENT = {
  PGHOST: 'host',
  PGPORT: 'port',
  PGDATABASE: 'database',
  PGUSER: 'username',
  PGPASSWORD: 'password',
  PGSSLMODE: 'sslmode',
} as const;

function formatUrl(parts: {
  username: string;
  password: Secret;
  host: string;
  port: string;
  database: string;
  sslmode: string;
}): Secret {
  const { username, password, port, database, sslmode } = parts;
  // A folder of a unix socket and an IPv6 address, as libpq wants them in a URL.
  const host = parts.host.includes(':') ? `[${parts.host}]` : encodeURIComponent(parts.host);
  const login = `${encodeURIComponent(username)}:${encodeURIComponent(password.reveal())}`;
  return new Secret(
    `postgresql://${login}@${host}:${port}/${encodeURIComponent(database)}?sslmode=${sslmode}`,
  );
}

/** What a job gets, under the names that libpq and the drivers modelled on it read. */
export function jobCredential(
  settings: PostgresSettings,
  parameters: PostgresParameters,
  login: { username: string; password: Secret; expiresAtMs: number },
): IssuedCredential {
  const { username, password, expiresAtMs } = login;
  const parts = {
    host: settings.jobHost ?? settings.host,
    port: String(settings.jobPort ?? settings.port),
    database: parameters.database ?? settings.database,
    username,
    password,
    sslmode: settings.ssl?.jobMode ?? sslModeOf(settings),
  };
  return {
    values: { ...parts, url: formatUrl(parts) },
    environment: parameters.databaseUrl ? { ...ENVIRONMENT, DATABASE_URL: 'url' } : ENVIRONMENT,
    expiresAtMs,
  };
}
