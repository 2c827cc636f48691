import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '#core/secret.ts';
import { type Cluster, openCluster } from './cluster.ts';
import { LocalPostgresError } from './local-postgres-error.ts';
import {
  launchPostmaster,
  logTail,
  type Postmaster,
  type PostmasterOptions,
  waitUntilReady,
} from './postmaster.ts';
import { chooseRunAs, type RunAs } from './run-as.ts';

const READY_TIMEOUT_MS = 30_000;
const START_ATTEMPTS_MAX = 3;
const RESTART_ATTEMPTS_MAX = 20;
const START_RETRY_MS = 250;

export interface LocalPostgresOptions {
  /** Folder with `initdb` and `postgres`, from `findPostgres` or `installEmbeddedPostgres`. */
  binaries: string;
  /** Kept, and opened again by the next start. Without it: a folder of the OS's temporary ones, removed at the end. */
  directory?: string;
  /** Default: ourselves, or for root the user `postgres`, else `nobody`. */
  runAs?: RunAs;
  /** Settings of `postgresql.conf`, e.g. `{ fsync: 'off' }` where the data may be lost. */
  settings?: Readonly<Record<string, string>>;
}

/** A PostgreSQL of our own on 127.0.0.1. Ends with this process at the latest, however that ends. */
export interface LocalPostgres {
  /** Of the superuser, with its password, for database `postgres`. The same over restarts. */
  readonly url: Secret;
  readonly host: string;
  readonly port: number;
  readonly superuser: string;
  readonly password: Secret;
  readonly directory: string;
  readonly logFile: string;
  /** Stops it and removes a temporary folder. May be called again. */
  stop(): Promise<void>;
  /** Crash: SIGKILL, the folder stays. Go on with `restart` or `stop`. */
  kill(): Promise<void>;
  /** Starts it again on the same port, after stopping it where it still runs. */
  restart(): Promise<void>;
}

/** The port may be taken by another between this and the server's start: the caller tries again. */
function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new LocalPostgresError('postgres_start_failed', 'No port could be had on 127.0.0.1.'));
      });
    });
  });
}

/**
 * Starts the server until it answers. More than one try: another process may take the port first, and after
 * a kill the old server's children hold the shared memory until they notice.
 */
async function launchUntilReady(
  attemptsMax: number,
  options: () => Promise<PostmasterOptions>,
): Promise<[Postmaster, number]> {
  const deadlineMs = performance.now() + READY_TIMEOUT_MS;
  let cluster: Cluster | undefined;
  for (let attempt = 0; attempt < attemptsMax && performance.now() < deadlineMs; attempt += 1) {
    if (attempt > 0) await sleep(START_RETRY_MS);
    const chosen = await options();
    cluster = chosen.cluster;
    const postmaster = launchPostmaster(chosen);
    if (await waitUntilReady(postmaster, chosen, deadlineMs)) return [postmaster, chosen.port];
    await postmaster.stop();
  }
  throw new LocalPostgresError(
    'postgres_start_failed',
    `PostgreSQL did not start: ${cluster === undefined ? 'out of time' : logTail(cluster)}`,
    { ...(cluster && { location: cluster.logFile }), remedy: 'Read the end of its log.' },
  );
}

/**
 * Sets up a cluster where there is none yet, starts it and waits until it answers (30 s at most).
 *
 * @throws LocalPostgresError `postgres_user_missing`, `postgres_initialisation_failed`, `postgres_start_failed`
 */
export async function startLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  const runAs = options.runAs ?? chooseRunAs();
  const settings = options.settings ?? {};
  const { binaries, directory } = options;
  const cluster = await openCluster({ binaries, directory, runAs, durable: settings['fsync'] !== 'off' });
  const removeTemporary = async () => {
    if (cluster.temporary) await rm(cluster.directory, { recursive: true, force: true, maxRetries: 5 });
  };
  const optionsFor = (port: number): PostmasterOptions => ({ cluster, runAs, port, settings });
  let postmaster: Postmaster;
  let port: number;
  try {
    [postmaster, port] = await launchUntilReady(START_ATTEMPTS_MAX, async () =>
      optionsFor(await findFreePort()),
    );
  } catch (error) {
    await removeTemporary();
    throw error;
  }
  const { superuser, password } = cluster;
  const host = '127.0.0.1';
  return {
    url: new Secret(`postgres://${superuser}:${password.reveal()}@${host}:${port}/postgres`),
    host,
    port,
    superuser,
    password,
    directory: cluster.directory,
    logFile: cluster.logFile,
    stop: async () => {
      await postmaster.stop();
      await removeTemporary();
    },
    kill: () => postmaster.kill(),
    restart: async () => {
      await postmaster.stop();
      [postmaster] = await launchUntilReady(RESTART_ATTEMPTS_MAX, () => Promise.resolve(optionsFor(port)));
    },
  };
}
