import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { findPostgres } from './find-postgres.ts';
import { type LocalPostgres, startLocalPostgres } from './start-local-postgres.ts';

const binaries = findPostgres();
const settings = { fsync: 'off' };
const started: LocalPostgres[] = [];

async function start(directory?: string): Promise<LocalPostgres> {
  const server = await startLocalPostgres({
    binaries: binaries ?? '',
    settings,
    ...(directory !== undefined && { directory }),
  });
  started.push(server);
  return server;
}

async function query(connectionString: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 3_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<unknown[]>({ text, rowMode: 'array' });
    return rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A killed process whose new parent has not collected it yet still takes signals.
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function waitUntil(condition: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 10_000;
  while (!condition() && performance.now() < deadlineMs) await sleep(20);
  expect(condition()).toBe(true);
}

function serverPid(directory: string): number {
  return Number.parseInt(readFileSync(join(directory, 'data', 'postmaster.pid'), 'utf8'), 10);
}

afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

describe.skipIf(binaries === undefined)(
  `a local PostgreSQL (${binaries ?? 'SKIPPED: no postgres found; install it or set VOUCHGATE_POSTGRES_BIN'})`,
  { timeout: 60_000 },
  () => {
    it('answers on loopback to its superuser, and is gone with its folder after stop', async () => {
      const server = await start();
      expect(new URL(server.url.reveal()).hostname).toBe('127.0.0.1');
      expect(await query(server.url.reveal(), 'SHOW server_encoding')).toEqual([['UTF8']]);
      const pid = serverPid(server.directory);
      await server.stop();
      await server.stop();
      expect(isAlive(pid)).toBe(false);
      expect(existsSync(server.directory)).toBe(false);
    });

    it('lets nobody in without the password', async () => {
      const server = await start();
      const url = new URL(server.url.reveal());
      url.password = 'wrong';
      await expect(query(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
      const rules = await query(server.url.reveal(), 'SELECT DISTINCT auth_method FROM pg_hba_file_rules');
      expect(rules).toEqual([['scram-sha-256']]);
    });

    it('keeps the password out of the process list, of its log and of its own printing', async () => {
      const server = await start();
      const password = server.password.reveal();
      if (process.platform === 'linux') {
        const argv = readFileSync(`/proc/${serverPid(server.directory)}/cmdline`, 'utf8');
        expect(argv).toContain('postgres');
        expect(argv).not.toContain(password);
      }
      expect(readFileSync(server.logFile, 'utf8')).not.toContain(password);
      expect(JSON.stringify(server)).not.toContain(password);
      expect(statSync(join(server.directory, 'superuser-password')).mode & 0o077).toBe(0);
    });

    it('has what was committed after a kill and a restart, at the same address', async () => {
      const server = await start();
      await query(server.url.reveal(), 'CREATE TABLE kept (value int)');
      await server.kill();
      await expect(query(server.url.reveal(), 'SELECT 1')).rejects.toThrow();
      await server.restart();
      expect(await query(server.url.reveal(), 'SELECT count(*)::int FROM kept')).toEqual([[0]]);
    });

    it('keeps a folder that was named, and opens it again', async () => {
      const parent = mkdtempSync(join(tmpdir(), 'vouchgate-test-'));
      // Where the tests run as root, the server is another user, who must get there.
      chmodSync(parent, 0o755);
      const directory = join(parent, 'cluster');
      try {
        const first = await start(directory);
        await query(first.url.reveal(), 'CREATE TABLE kept (value int)');
        await first.stop();
        const second = await start(directory);
        expect(second.password.reveal()).toBe(first.password.reveal());
        expect(await query(second.url.reveal(), 'SELECT count(*)::int FROM kept')).toEqual([[0]]);
      } finally {
        for (const server of started.splice(0)) await server.stop();
        rmSync(parent, { recursive: true, force: true });
      }
    });

    it.skipIf(process.platform === 'win32')('does not outlive a parent that is killed', async () => {
      const module = new URL('./start-local-postgres.ts', import.meta.url).href;
      const script = `
        const { startLocalPostgres } = await import(${JSON.stringify(module)});
        const server = await startLocalPostgres(${JSON.stringify({ binaries, settings })});
        process.stdout.write(server.directory + '\\n');
        setInterval(() => {}, 1000);`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const directory = await new Promise<string>((resolve, reject) => {
        child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
        child.once('exit', () => reject(new Error('the parent ended before its server ran')));
      });
      const pid = serverPid(directory);
      expect(isAlive(pid)).toBe(true);
      child.kill('SIGKILL');
      await waitUntil(() => !isAlive(pid));
      await waitUntil(() => !existsSync(directory));
    });

    it('says what went wrong when the server cannot start', async () => {
      await expect(
        startLocalPostgres({ binaries: binaries ?? '', settings: { ...settings, shared_buffers: 'many' } }),
      ).rejects.toMatchObject({ code: 'postgres_start_failed', message: expect.stringContaining('many') });
    });
  },
);
