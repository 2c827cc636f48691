import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '#core/secret.ts';
import { LocalPostgresError } from './local-postgres-error.ts';
import { reachableBinaries } from './reachable-binaries.ts';
import type { RunAs } from './run-as.ts';

const INITDB_TIMEOUT_MS = 60_000;
const OUTPUT_CHARS_MAX = 4_000;
const SUPERUSER = 'postgres';

/** A database cluster on disk, not yet running. */
export interface Cluster {
  /** Where the programs can be run from by the server's user. */
  binaries: string;
  directory: string;
  dataDirectory: string;
  logFile: string;
  superuser: string;
  password: Secret;
  /** True when the folder is ours alone and goes away with the server. */
  temporary: boolean;
}

function give(path: string, runAs: RunAs | undefined): void {
  if (runAs !== undefined) chownSync(path, runAs.uid, runAs.gid);
}

function prepareDirectory(wanted: string | undefined, runAs: RunAs | undefined): string {
  if (wanted === undefined) {
    const directory = mkdtempSync(join(tmpdir(), 'vouchgate-postgres-'));
    give(directory, runAs);
    return directory;
  }
  if (!existsSync(wanted)) mkdirSync(wanted, { recursive: true, mode: 0o700 });
  give(wanted, runAs);
  return wanted;
}

/** By `--pwfile`: an argument would stand in the process list. Kept at 0600, so that a later start knows it. */
function readOrMakePassword(file: string, runAs: RunAs | undefined): Secret {
  if (existsSync(file)) return new Secret(readFileSync(file, 'utf8').trim());
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, `${password}\n`, { mode: 0o600, flag: 'wx' });
  give(file, runAs);
  return new Secret(password);
}

function runInitdb(binaries: string, args: readonly string[], runAs: RunAs | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(binaries, 'initdb'), args, {
      ...runAs,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: INITDB_TIMEOUT_MS,
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-OUTPUT_CHARS_MAX);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const fail = (message: string, cause?: unknown) =>
      reject(
        new LocalPostgresError('postgres_initialisation_failed', message, {
          location: binaries,
          remedy: 'Check that the programs and the folder can be reached by the user that runs them.',
          cause,
        }),
      );
    child.once('error', (error) => fail(`initdb could not be run: ${error.message}`, error));
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else fail(`initdb ended with ${code ?? signal}: ${output.trim()}`);
    });
  });
}

/**
 * Makes the cluster, or opens the one that an earlier start left in `directory`. Only password logins
 * (SCRAM) are allowed, also for loopback and for the superuser: other users of the machine can reach the port.
 *
 * @throws LocalPostgresError `postgres_initialisation_failed`
 */
export async function openCluster(options: {
  binaries: string;
  directory: string | undefined;
  runAs: RunAs | undefined;
  /** False where the cluster may be lost in a power cut: tests. */
  durable: boolean;
}): Promise<Cluster> {
  const { runAs } = options;
  const directory = prepareDirectory(options.directory, runAs);
  const binaries = await reachableBinaries(options.binaries, runAs, directory);
  const dataDirectory = join(directory, 'data');
  const passwordFile = join(directory, 'superuser-password');
  const cluster: Cluster = {
    binaries,
    directory,
    dataDirectory,
    logFile: join(directory, 'postgres.log'),
    superuser: SUPERUSER,
    password: readOrMakePassword(passwordFile, runAs),
    temporary: options.directory === undefined,
  };
  if (existsSync(join(dataDirectory, 'PG_VERSION'))) return cluster;
  const args = ['-D', dataDirectory, '-U', SUPERUSER, `--pwfile=${passwordFile}`];
  // The C locale sorts alike on every machine and needs no ICU data.
  args.push('--auth=scram-sha-256', '--encoding=UTF8', '--no-locale');
  if (!options.durable) args.push('--no-sync');
  try {
    await runInitdb(binaries, args, runAs);
  } catch (error) {
    if (cluster.temporary) rmSync(directory, { recursive: true, force: true });
    throw error;
  }
  return cluster;
}
