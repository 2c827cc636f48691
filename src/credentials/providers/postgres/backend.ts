import { Client, DatabaseError, Pool, type PoolClient } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '#core/errors.ts';
import { CredentialError } from '../../credential-error.ts';
import type { CredentialProviderContext } from '../../provider.ts';
import { connectionOptions } from './connection-options.ts';
import type { PostgresSettings } from './settings.ts';

const IDLE_MS = 30_000;
/** How long an aborted statement may take to end, so that its effect is there before its undoing starts. */
const ABORT_GRACE_MS = 1_000;

export type Row = Readonly<Record<string, unknown>>;

/** What is the same for all statements of one connection. */
interface ServerFacts {
  pid: number;
  /** `server_version_num`, e.g. 160004. */
  version: number;
}

/** One connection, for the time of one piece of work. */
export interface Session {
  readonly serverVersion: number;
  /**
   * Sends all statements in one message and returns the rows of each. They are one transaction (an implicit
   * one: PostgreSQL manual, "Multiple Statements in a Simple Query"): all happen or none.
   */
  run(...statements: string[]): Promise<Row[][]>;
}

type Context = Pick<CredentialProviderContext, 'resolveSecret' | 'log'>;

function abortError(signal: AbortSignal): CredentialError {
  return new CredentialError('backend_unavailable', 'PostgreSQL did not answer in the time there was.', {
    cause: signal.reason,
  });
}

/** Rejects when the signal fires first; never leaves its listener behind. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw abortError(signal);
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(abortError(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** pg emits the loss of a connection beside rejecting; without a listener that would end our process. */
function ignoreLoss(): void {}

function rowsOf(result: unknown): Row[][] {
  const results = Array.isArray(result) ? result : [result];
  return results.map((one: { rows?: Row[] }) => one.rows ?? []);
}

async function readFacts(client: PoolClient): Promise<ServerFacts> {
  const { rows } = await client.query<{ pid: number; version: string }>(
    "SELECT pg_backend_pid() AS pid, current_setting('server_version_num') AS version",
  );
  const [row] = rows;
  if (row === undefined) throw new CredentialError('backend_unavailable', 'PostgreSQL gave no version.');
  return { pid: row.pid, version: Number(row.version) };
}

/**
 * The server, as its administrator: a bounded pool for the database of the settings, and one connection at a
 * time for each other database that objects have to be removed from.
 */
export class Backend {
  readonly #settings: PostgresSettings;
  readonly #context: Context;
  readonly #pools = new Map<string, Promise<Pool>>();
  readonly #facts = new WeakMap<PoolClient, ServerFacts>();
  readonly #cancelling = new Set<Promise<void>>();
  #closed = false;

  constructor(settings: PostgresSettings, context: Context) {
    this.#settings = settings;
    this.#context = context;
  }

  get mainDatabase(): string {
    return this.#settings.database;
  }

  /** Rejects with the server's error; the caller knows what it meant and wraps it. */
  async withSession<T>(
    database: string,
    signal: AbortSignal,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const client = await this.#acquire(database, signal);
    let spoiled: boolean | Error = true;
    try {
      const result = await this.#perform(database, client, signal, work);
      spoiled = false;
      return result;
    } catch (error) {
      // An error that the server reports leaves the connection as good as before; any other may not.
      spoiled = !(error instanceof DatabaseError && error.severity === 'ERROR');
      throw error;
    } finally {
      client.release(spoiled);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.allSettled(this.#cancelling);
    await Promise.allSettled(pools.map(async (pool) => (await pool).end()));
  }

  async #perform<T>(
    database: string,
    client: PoolClient,
    signal: AbortSignal,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    let facts = this.#facts.get(client);
    const whole = (async () => {
      facts ??= await readFacts(client);
      this.#facts.set(client, facts);
      return work({
        serverVersion: facts.version,
        run: async (...statements) => rowsOf(await client.query(statements.join(';\n'))),
      });
    })();
    try {
      return await unlessAborted(whole, signal);
    } catch (error) {
      if (signal.aborted && facts !== undefined) {
        this.#cancel(database, facts.pid);
        await Promise.race([
          whole.then(
            () => undefined,
            () => undefined,
          ),
          sleep(ABORT_GRACE_MS),
        ]);
      }
      throw error;
    }
  }

  async #acquire(database: string, signal: AbortSignal): Promise<PoolClient> {
    if (signal.aborted) throw abortError(signal);
    const pool = await this.#pool(database);
    const connecting = pool.connect();
    try {
      return await unlessAborted(connecting, signal);
    } catch (error) {
      // It may still come, when nobody waits for it any more.
      connecting.then((client) => client.release()).catch(() => undefined);
      throw error;
    }
  }

  #pool(database: string): Promise<Pool> {
    if (this.#closed) {
      return Promise.reject(new CredentialError('backend_unavailable', 'The provider is closed.'));
    }
    const known = this.#pools.get(database);
    if (known !== undefined) return known;
    const created = this.#createPool(database);
    this.#pools.set(database, created);
    // A certificate authority that could not be read may be there the next time.
    created.catch(() => this.#pools.delete(database));
    return created;
  }

  async #createPool(database: string): Promise<Pool> {
    const pool = new Pool({
      ...(await connectionOptions(this.#settings, this.#context, database)),
      max: database === this.#settings.database ? this.#settings.connectionsMax : 1,
      idleTimeoutMillis: IDLE_MS,
      allowExitOnIdle: true,
    });
    // For all its life: the pool takes its own listener away before we have the connection.
    pool.on('connect', (client) => client.on('error', ignoreLoss));
    pool.on('error', (error) => {
      this.#context.log.warn('postgres.connection_lost', { database, error: messageOf(error) });
    });
    return pool;
  }

  /** By a connection of its own: the pool may be full of what has to be cancelled. */
  #cancel(database: string, pid: number): void {
    const cancelling = (async () => {
      const client = new Client({
        ...(await connectionOptions(this.#settings, this.#context, database)),
        connectionTimeoutMillis: ABORT_GRACE_MS,
      });
      client.on('error', ignoreLoss);
      try {
        await client.connect();
        await client.query('SELECT pg_cancel_backend($1)', [pid]);
      } finally {
        await client.end().catch(() => undefined);
      }
    })()
      .catch((error: unknown) => {
        this.#context.log.warn('postgres.cancel_failed', { database, error: messageOf(error) });
      })
      .finally(() => this.#cancelling.delete(cancelling));
    this.#cancelling.add(cancelling);
  }
}
