import type { Clock } from '#core/clock.ts';
import type { Backend, Row } from './backend.ts';
import { quoteIdentifier, quoteLiteral } from './quoting.ts';
import { isLocalHost, type PostgresSettings, sslModeOf } from './settings.ts';

const VERSION_MIN = 130_000;
const SKEW_MS_MAX = 5_000;

function factsStatement(ownerRole: string | undefined): string {
  const owner = quoteLiteral(ownerRole ?? '');
  return `SELECT current_setting('server_version_num')::int AS version,
      (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs",
      pg_is_in_recovery() AS "isStandby",
      (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) AS "canCreate",
      EXISTS (SELECT FROM pg_roles WHERE rolname = ${owner}) AS "hasOwner",
      coalesce((SELECT pg_has_role(oid, 'USAGE') FROM pg_roles WHERE rolname = ${owner}), false) AS "canGiveToOwner"`;
}

function ownerComplaints(settings: PostgresSettings, row: Row): string[] {
  const { ownerRole, adminUser } = settings;
  if (ownerRole === undefined) return [];
  if (row['hasOwner'] !== true) {
    return [`Role ${ownerRole} (ownerRole) does not exist: create it, or leave ownerRole out.`];
  }
  if (row['canGiveToOwner'] === true) return [];
  return [
    `Role ${adminUser} cannot give objects to ${ownerRole}: \`GRANT ${quoteIdentifier(ownerRole)} TO ${quoteIdentifier(adminUser)}\`.`,
  ];
}

function skewComplaints(row: Row, beforeMs: number, afterMs: number): string[] {
  const serverMs = Number(row['nowMs']);
  const skewMs = serverMs < beforeMs ? serverMs - beforeMs : Math.max(0, serverMs - afterMs);
  if (Math.abs(skewMs) <= SKEW_MS_MAX) return [];
  const direction = skewMs > 0 ? 'ahead of' : 'behind';
  return [
    `The server's clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${direction} ours: passwords end by its clock. Synchronise both.`,
  ];
}

/** Sentences about what would keep roles from being made, used safely, or removed. Rejects when out of reach. */
export async function checkBackend(
  backend: Backend,
  settings: PostgresSettings,
  clock: Clock,
  signal: AbortSignal,
): Promise<string[]> {
  const [row, beforeMs, afterMs] = await backend.withSession(
    backend.mainDatabase,
    signal,
    async (session) => {
      const startMs = clock.nowMs();
      const [rows] = await session.run(factsStatement(settings.ownerRole));
      return [rows?.[0] ?? {}, startMs, clock.nowMs()] as const;
    },
  );
  const complaints: string[] = [];
  if (Number(row['version']) < VERSION_MIN) {
    complaints.push('The server is older than PostgreSQL 13, the oldest that is supported: upgrade it.');
  }
  if (row['isStandby'] === true) {
    complaints.push('The server is a standby, where no role can be made: name the primary in `host`.');
  }
  if (row['canCreate'] !== true) {
    complaints.push(
      `Role ${settings.adminUser} cannot create roles: \`ALTER ROLE ${quoteIdentifier(settings.adminUser)} CREATEROLE\`.`,
    );
  }
  if (sslModeOf(settings) === 'disable' && !isLocalHost(settings.host)) {
    complaints.push('The connection leaves this machine without TLS: set `ssl.mode` to verify-full.');
  }
  return [...complaints, ...ownerComplaints(settings, row), ...skewComplaints(row, beforeMs, afterMs)];
}
