import type pg from 'pg';
import type { Clock } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';
import { StoreError } from '#core/store-error.ts';
import { pendingMigrations } from '../migrations.ts';
import { LOCK_CLASS, type PostgresConnections, SCHEMA } from './connections.ts';
import { POSTGRES_MIGRATIONS } from './migrations.ts';

const VERSION_MIN = 130_000;

/** Brings the schema to the newest version; servers that start together take turns. @throws StoreError */
export function prepareDatabase(connections: PostgresConnections, clock: Clock, log: Logger): Promise<void> {
  return connections.use(async (client) => {
    await checkServer(client, log);
    await client.query('BEGIN');
    try {
      await client.query(`SELECT pg_advisory_xact_lock(${LOCK_CLASS}, 2)`);
      await migrate(client, clock);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
}

async function checkServer(client: pg.PoolClient, log: Logger): Promise<void> {
  const { rows } = await client.query<{ version: number; encoding: string; fsync: string }>(
    `SELECT current_setting('server_version_num')::integer AS version,
       current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync`,
  );
  const [server] = rows;
  if (server === undefined || server.version < VERSION_MIN) {
    throw new StoreError('store_version_unknown', 'The store needs PostgreSQL 13 or newer.', {
      remedy: 'Upgrade the database server.',
    });
  }
  if (server.encoding !== 'UTF8') {
    throw new StoreError('store_unavailable', `The database has the encoding ${server.encoding}.`, {
      remedy: 'Create a database with ENCODING UTF8 for Vouchgate.',
    });
  }
  if (server.fsync !== 'on') log.warn('postgres.not_durable', { setting: 'fsync', value: server.fsync });
}

async function migrate(client: pg.PoolClient, clock: Clock): Promise<void> {
  const { rows: schemas } = await client.query('SELECT 1 WHERE to_regnamespace($1) IS NOT NULL', [SCHEMA]);
  // Not IF NOT EXISTS: that asks for the right to create even when the schema is there.
  if (schemas.length === 0) await client.query(`CREATE SCHEMA ${SCHEMA}`);
  const { rows: tables } = await client.query("SELECT 1 WHERE to_regclass('migration') IS NOT NULL");
  if (tables.length === 0) {
    await client.query(
      `CREATE TABLE migration (version integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
         name text NOT NULL, applied_at_ms bigint NOT NULL)`,
    );
  }
  const { rows } = await client.query<{ version: number }>(
    'SELECT count(*)::integer AS version FROM migration',
  );
  for (const { name, sql } of pendingMigrations(rows[0]?.version ?? 0, POSTGRES_MIGRATIONS)) {
    await client.query(sql);
    await client.query('INSERT INTO migration (name, applied_at_ms) VALUES ($1, $2)', [name, clock.nowMs()]);
  }
}
