import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#core/clock.ts';
import { createJsonLogger, silentLogger } from '#core/log.ts';
import { makeEvent, makeIntent } from '../contract/fixtures.ts';
import { mountSmallDisk, randomText } from '../contract/small-disk.ts';
import type { Storage } from '../storage.ts';
import { openSqliteStorage, type SqliteStorageOptions } from './open-sqlite-storage.ts';

const STORM = fileURLToPath(new URL('./testing/storm.ts', import.meta.url));
const CRASHING_WORKER = new URL('./testing/crashing-worker.ts', import.meta.url);

describe('SQLite storage that fails', () => {
  let folder: string;
  let path: string;
  const opened: Storage[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vouchgate-sqlite-'));
    path = join(folder, 'store.db');
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((storage) => storage.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(options: Partial<SqliteStorageOptions> = {}): Promise<Storage> {
    const storage = await openSqliteStorage({ path, log: silentLogger, clock: systemClock, ...options });
    opened.push(storage);
    return storage;
  }

  const commit = (storage: Storage): Promise<unknown> => codeOf(storage.broker.commit(makeIntent()));

  it('keeps its files to its owner', async () => {
    const storage = await open();
    await commit(storage);
    for (const suffix of ['', '-wal', '-shm', '.lock']) {
      expect(statSync(`${path}${suffix}`).mode & 0o777).toBe(0o600);
    }
  });

  it('lets no second server use the file, and the next one when the first has ended', async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({ code: 'store_locked', remedy: expect.any(String) });
    expect(await commit(first)).toBe('committed');
    await first.close();
    expect(await commit(await open())).toBe('committed');
  });

  it('keeps every acknowledged commit through kill -9, and leaves no stale lock', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 5; round += 1) acknowledged.push(...(await stormAndKill(path, round)));
    expect(acknowledged.length).toBeGreaterThan(100);
    const storage = await open();
    const events = await readAllLeasesOfEvents(storage);
    for (const id of acknowledged) {
      expect(await storage.broker.lease(id)).toBeDefined();
      expect(events.has(id)).toBe(true);
    }
  }, 60_000);

  it('refuses while its file is gone, and goes on when it is back', async () => {
    const storage = await open();
    const kept = makeIntent();
    await storage.broker.commit(kept);
    renameSync(path, `${path}.away`);
    expect(await commit(storage)).toBe('store_unavailable');
    expect(await commit(storage)).toBe('store_unavailable');
    await expect(storage.check()).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(existsSync(path)).toBe(false);
    renameSync(`${path}.away`, path);
    await expect.poll(() => commit(storage), { timeout: 5_000 }).toBe('committed');
    expect(await storage.broker.lease(kept.lease.id)).toEqual(kept.lease);
    expect((await storage.broker.commit(makeIntent({ token: kept.replay.tokenKey }))).status).toBe(
      'replayed',
    );
  });

  it('loses nothing that it acknowledged when its write-ahead log is deleted', async () => {
    const storage = await open();
    const kept = makeIntent();
    await storage.broker.commit(kept);
    rmSync(`${path}-wal`);
    expect(await commit(storage)).toBe('store_unavailable');
    await expect.poll(() => commit(storage), { timeout: 5_000 }).toBe('committed');
    expect(await storage.broker.lease(kept.lease.id)).toEqual(kept.lease);
  });

  it('takes neither an empty nor an older file for its own', async () => {
    const storage = await open();
    await commit(storage);
    await storage.close();
    copyFileSync(path, `${path}.backup`);
    const again = await open();
    await commit(again);
    renameSync(path, `${path}.away`);
    copyFileSync(`${path}.backup`, path);
    rmSync(`${path}-wal`);
    expect(await commit(again)).toBe('store_unavailable');
    await pause(400);
    expect(await commit(again)).toBe('store_unavailable');
    writeFileSync(path, '');
    await pause(1_100);
    expect(await commit(again)).toBe('store_unavailable');
  });

  it('refuses while the disk is full, and goes on when there is space', async ({ skip }) => {
    const disk = mountSmallDisk();
    if (disk === undefined) {
      skip('a small disk can only be mounted by root on Linux');
      return;
    }
    try {
      const lines: string[] = [];
      const log = createJsonLogger({ level: 'info', now: () => 0, write: (line) => lines.push(line) });
      const storage = await open({ path: join(disk.path, 'store.db'), log });
      const kept = makeIntent();
      await storage.broker.commit(kept);
      disk.fill();
      const large = () => makeIntent({ events: [makeEvent({ body: { text: randomText(100_000) } })] });
      await expect.poll(() => codeOf(storage.broker.commit(large()))).toBe('store_full');
      await expect(storage.broker.commit(large())).rejects.toMatchObject({ code: 'store_full' });
      expect(await storage.broker.lease(kept.lease.id)).toEqual(kept.lease);
      disk.empty();
      await expect.poll(() => codeOf(storage.broker.commit(large())), { timeout: 5_000 }).toBe('committed');
      expect(lines.filter((line) => line.includes('store.failed'))).toHaveLength(1);
      expect(lines.filter((line) => line.includes('store.recovered'))).toHaveLength(1);
      await storage.close();
    } finally {
      disk.dispose();
    }
  });

  it('refuses at the size it may have, every call of the batch, and keeps nothing of them', async () => {
    const storage = await open({ pagesMax: 160 });
    const text = randomText(50_000);
    const calls = Array.from({ length: 20 }, (_, index) =>
      codeOf(
        storage.broker.commit(
          makeIntent({ token: `unlucky${index}`, events: [makeEvent({ body: { text } })] }),
        ),
      ),
    );
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['store_full']));
    expect(await codeOf(storage.broker.commit(makeIntent({ token: 'unlucky3' })))).toBe('committed');
    expect(await storage.broker.leases({ limit: 10 })).toHaveLength(1);
  });

  it('says that the file cannot be written', async ({ skip }) => {
    const disk = mountSmallDisk();
    if (disk === undefined) {
      skip('a disk can only be mounted read-only by root on Linux');
      return;
    }
    try {
      const onDisk = join(disk.path, 'store.db');
      await (await open({ path: onDisk })).close();
      disk.setReadOnly(true);
      await expect(open({ path: onDisk })).rejects.toMatchObject({ code: 'store_read_only' });
      disk.setReadOnly(false);
      expect(await commit(await open({ path: onDisk }))).toBe('committed');
      await opened.at(-1)?.close();
    } finally {
      disk.dispose();
    }
  });

  it('waits for another program that writes, then says so, then goes on', async () => {
    const storage = await open();
    const kept = makeIntent();
    await storage.broker.commit(kept);
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    expect(await commit(storage)).toBe('store_locked');
    other.exec('ROLLBACK');
    other.close();
    expect(await codeOf(storage.broker.commit(makeIntent({ token: kept.replay.tokenKey })))).toBe('replayed');
    expect(await commit(storage)).toBe('committed');
  });

  it('knows the keys that another program wrote, and has forgotten those that it removed', async () => {
    const storage = await open();
    const claimed = makeIntent();
    await storage.broker.commit(claimed);
    const other = new DatabaseSync(path);
    other.exec(`DELETE FROM claim; INSERT INTO claim VALUES (7, 'tforeign', NULL, 'dec_f', 'lse_f', 1)`);
    other.close();
    expect(await storage.broker.commit(makeIntent({ token: 'foreign' }))).toEqual({
      status: 'replayed',
      decision: 'dec_f',
    });
    expect(await codeOf(storage.broker.commit(makeIntent({ token: claimed.replay.tokenKey })))).toBe(
      'committed',
    );
  });

  it('refuses a damaged file, one of another program and one of a newer version', async () => {
    writeFileSync(path, 'no database at all, but long enough to be read as one'.repeat(50));
    await expect(open()).rejects.toMatchObject({ code: 'store_corrupt' });
    rmSync(path);
    const foreign = new DatabaseSync(path);
    foreign.exec('CREATE TABLE customers (name TEXT)');
    foreign.close();
    await expect(open()).rejects.toMatchObject({ code: 'store_version_unknown' });
    rmSync(path);
    await (await open()).close();
    const newer = new DatabaseSync(path);
    newer.exec("INSERT INTO migration (name, applied_at_ms) VALUES ('from the future', 1)");
    newer.close();
    await expect(open()).rejects.toMatchObject({ code: 'store_version_unknown', location: path });
  });

  it('starts its thread again when that dies, and refuses what was under way', async () => {
    const lines: string[] = [];
    const log = createJsonLogger({ level: 'info', now: () => 0, write: (line) => lines.push(line) });
    const storage = await open({ workerUrl: CRASHING_WORKER, log });
    expect(await commit(storage)).toBe('committed');
    expect(await commit(storage)).toBe('committed');
    const both = [commit(storage), codeOf(readStatus(storage))];
    expect(await Promise.all(both)).toEqual(['store_unavailable', 'store_unavailable']);
    await expect.poll(() => commit(storage), { timeout: 10_000 }).toBe('committed');
    expect(await storage.broker.leases({ limit: 10 })).toHaveLength(3);
    expect(lines.join('')).toContain('store.thread_died');
  });

  it('refuses more than 20,000 waiting calls at once, and serves those it took', async () => {
    const storage = await open();
    const calls = Array.from({ length: 20_050 }, () =>
      codeOf(storage.broker.commit(makeIntent({ events: [] }))),
    );
    const codes = await Promise.all(calls);
    expect(codes.filter((code) => code === 'store_unavailable')).toHaveLength(50);
    expect(codes.filter((code) => code === 'committed')).toHaveLength(20_000);
  });
});

async function stormAndKill(path: string, round: number): Promise<string[]> {
  const child = spawn(process.execPath, [STORM, path, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    // From the first acknowledgement on: starting takes its time on a busy machine.
    if (output === '') setTimeout(() => child.kill('SIGKILL'), 50 + round * 40);
    output += text;
  });
  await closed;
  // The last line may be cut off.
  return output.split('\n').slice(0, -1);
}

async function readAllLeasesOfEvents(storage: Storage): Promise<Set<string | undefined>> {
  const leases = new Set<string | undefined>();
  let afterSequence = 0;
  for (;;) {
    const page = await storage.events.list({ afterSequence, limit: 1_000 });
    for (const { lease } of page) leases.add(lease);
    const last = page.at(-1);
    if (last === undefined) return leases;
    afterSequence = last.sequence;
  }
}

async function readStatus(storage: Storage): Promise<{ status: string }> {
  // After the write has been sent, which happens on the next turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  await storage.broker.leases({ limit: 1 });
  return { status: 'read' };
}

async function codeOf(call: Promise<{ status: string }>): Promise<unknown> {
  try {
    return (await call).status;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
