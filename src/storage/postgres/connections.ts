import pg from 'pg';
import { messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import type { SqlDatabase, SqlStep } from '../sql-database.ts';
import type { SqlValue } from '../sql-value.ts';
import { isTransient, storeErrorOf } from './failure.ts';

export interface ConnectionOptions {
  url: string;
  /** Host, port and database without credentials, for errors and logs. */
  location: string;
  connectionsMax: number;
  log: Logger;
}

export const SCHEMA = 'vouchgate';
/** First half of our advisory locks ("VGST"). */
export const LOCK_CLASS = 0x56475354;

const CONNECT_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 20_000;
const ATTEMPTS_MAX = 4;

/**
 * What each session gets before its first use. A server may run with `synchronous_commit` off, and then lose
 * an acknowledged replay key in a crash; stronger settings than `on` are kept.
 */
const SESSION_SETTINGS = `
  SET search_path = ${SCHEMA}, pg_temp;
  SET statement_timeout = '15s';
  SET lock_timeout = '5s';
  SET idle_in_transaction_session_timeout = '15s';
  SET default_transaction_isolation = 'read committed';
  SET client_min_messages = 'warning';
  SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') IN ('off', 'local')`;

/** One bounded pool. Every error comes out as a `StoreError`; a connection that failed is not used again. */
export class PostgresConnections implements SqlDatabase {
  readonly #pool: pg.Pool;
  readonly #location: string;
  #closing: Promise<void> | undefined;

  constructor({ url, location, connectionsMax, log }: ConnectionOptions) {
    this.#location = location;
    this.#pool = new pg.Pool({
      connectionString: url,
      application_name: 'vouchgate',
      max: connectionsMax,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: 30_000,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
      types: typesWithNumbers(),
      // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, its types do not know
      onConnect: async (client) => {
        await client.query(SESSION_SETTINGS);
      },
    });
    // An idle connection was closed by the server; the next use opens another.
    this.#pool.on('error', (error) => log.debug('postgres.connection_lost', { error: messageOf(error) }));
  }

  /** @throws StoreError */
  query(sql: string, values: readonly SqlValue[]): Promise<SqlValue[][]> {
    return this.use((client) => send(client, sql, values).then(({ rows }) => rows));
  }

  /** @throws StoreError */
  execute(steps: readonly SqlStep[]): Promise<number> {
    return this.use((client) =>
      steps.length === 1 ? runSteps(client, steps) : inTransaction(client, steps),
    );
  }

  /**
   * Runs `work` on one connection, again when the server undid it for the sake of another transaction.
   *
   * @throws StoreError
   */
  async use<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#useOnce(work);
      } catch (error) {
        if (attempt < ATTEMPTS_MAX && isTransient(error)) continue;
        throw storeErrorOf(error, this.#location);
      }
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#pool.end();
    return this.#closing;
  }

  async #useOnce<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect();
    let healthy = false;
    try {
      const result = await work(client);
      healthy = true;
      return result;
    } catch (error) {
      const { code } = storeErrorOf(error, this.#location);
      healthy = code === 'store_refused' || isTransient(error);
      throw error;
    } finally {
      client.release(!healthy);
    }
  }
}

async function inTransaction(client: pg.PoolClient, steps: readonly SqlStep[]): Promise<number> {
  await client.query('BEGIN');
  try {
    const changed = await runSteps(client, steps);
    await client.query('COMMIT');
    return changed;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function runSteps(client: pg.PoolClient, steps: readonly SqlStep[]): Promise<number> {
  let first: number | undefined;
  for (const { sql, values } of steps) {
    const { rowCount } = await send(client, sql, values);
    first ??= rowCount ?? 0;
    if (rowCount === 0) break;
  }
  return first ?? 0;
}

function send(
  client: pg.PoolClient,
  sql: string,
  values: readonly SqlValue[],
): Promise<pg.QueryArrayResult<SqlValue[]>> {
  return client.query<SqlValue[]>({ text: numberPlaceholders(sql), values: [...values], rowMode: 'array' });
}

/** `?` to `$1`, `$2`…; none of our statements has a question mark in a literal. */
function numberPlaceholders(sql: string): string {
  let count = 0;
  return sql.replaceAll('?', () => {
    count += 1;
    return `$${count}`;
  });
}

/** All our 64-bit integers are below 2^53: checked when they are written. */
function typesWithNumbers(): pg.CustomTypesConfig {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  return types;
}
