import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { messageOf } from '#core/errors.ts';
import type { Cluster } from './cluster.ts';
import { type Guard, startGuard } from './guard.ts';
import { LocalPostgresError } from './local-postgres-error.ts';
import type { RunAs } from './run-as.ts';

const FAST_STOP_MS = 10_000;
const IMMEDIATE_STOP_MS = 3_000;
const POLL_MS = 20;
const LOG_TAIL_CHARS = 2_000;
const SETTING_NAME = /^[a-z][a-z0-9_.]*$/;

export interface PostmasterOptions {
  cluster: Cluster;
  runAs: RunAs | undefined;
  port: number;
  settings: Readonly<Record<string, string>>;
}

/** One running server process. */
export interface Postmaster {
  hasEnded(): boolean;
  /** Fast shutdown: sessions are cut, a checkpoint is written; harder where that takes too long. */
  stop(): Promise<void>;
  /** As a power cut would: SIGKILL, nothing is written. */
  kill(): Promise<void>;
}

function serverArguments({ cluster, port, settings }: PostmasterOptions): string[] {
  const all: Record<string, string> = {
    // Kept out of the way of a PostgreSQL that runs on this machine for other reasons.
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    logging_collector: 'off',
    log_destination: 'stderr',
    ...settings,
  };
  const args = ['-D', cluster.dataDirectory, '-p', String(port)];
  for (const [name, value] of Object.entries(all)) {
    if (!SETTING_NAME.test(name)) {
      throw new LocalPostgresError('postgres_start_failed', `${JSON.stringify(name)} is no setting's name.`);
    }
    args.push('-c', `${name}=${value}`);
  }
  return args;
}

export function launchPostmaster(options: PostmasterOptions): Postmaster {
  const { cluster, runAs } = options;
  const log = openSync(cluster.logFile, 'a', 0o640);
  let child: ChildProcess;
  try {
    child = spawn(join(cluster.binaries, 'postgres'), serverArguments(options), {
      ...runAs,
      cwd: '/',
      stdio: ['ignore', log, log],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
  child.unref();
  const guard: Guard | undefined =
    child.pid === undefined
      ? undefined
      : startGuard(child.pid, cluster.temporary ? cluster.directory : '', runAs);
  let ended = false;
  const end = new Promise<void>((resolve) => {
    const finish = () => {
      ended = true;
      guard?.standDown();
      resolve();
    };
    child.once('exit', finish);
    child.once('error', finish);
  });
  const signalAndWait = async (signal: NodeJS.Signals, waitMs: number) => {
    if (ended) return;
    child.kill(signal);
    const late = new AbortController();
    await Promise.race([end, sleep(waitMs, undefined, { signal: late.signal }).catch(() => undefined)]);
    late.abort();
  };
  const kill = async () => {
    await signalAndWait('SIGKILL', IMMEDIATE_STOP_MS);
    if (!ended) {
      throw new LocalPostgresError('postgres_stop_failed', `Process ${child.pid} outlived SIGKILL.`);
    }
  };
  return {
    hasEnded: () => ended,
    kill,
    stop: async () => {
      await signalAndWait('SIGINT', FAST_STOP_MS);
      await signalAndWait('SIGQUIT', IMMEDIATE_STOP_MS);
      await kill();
    },
  };
}

async function answers(options: PostmasterOptions): Promise<boolean> {
  const client = new Client({
    host: '127.0.0.1',
    port: options.port,
    user: options.cluster.superuser,
    password: options.cluster.password.reveal(),
    database: 'postgres',
    connectionTimeoutMillis: 2_000,
  });
  // A server that starts up cuts the connection; without a listener that would end our process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

export function logTail(cluster: Cluster): string {
  try {
    return readFileSync(cluster.logFile, 'utf8').slice(-LOG_TAIL_CHARS).trim();
  } catch (error) {
    return messageOf(error);
  }
}

/** True once it takes our password; false when it ended or `deadlineMs` (of `performance.now()`) passed. */
export async function waitUntilReady(
  postmaster: Postmaster,
  options: PostmasterOptions,
  deadlineMs: number,
): Promise<boolean> {
  while (!postmaster.hasEnded() && performance.now() < deadlineMs) {
    if (await answers(options)) return true;
    await sleep(POLL_MS);
  }
  return false;
}
