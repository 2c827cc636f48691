import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { systemClock } from '#core/clock.ts';
import { StoreError } from '#core/store-error.ts';
import { createRecordingLogger } from '#credentials/credential-provider.fakes.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { Storage } from '#storage/storage.ts';
import { type RunningServer, startServer } from './start-server.ts';

const VALID = {
  'vouchgate.yaml':
    'version: 1\nurl: http://127.0.0.1:8440\nidentityProviders:\n  github: { type: github-actions }\n',
};
const BROKEN = { 'vouchgate.yaml': 'version: 3\n' };

function storageThatTells(): Storage & { isClosed: boolean } {
  const storage = { ...openMemoryStorage(), isClosed: false };
  storage.close = async () => {
    storage.isClosed = true;
  };
  return storage;
}

function start(storage: Storage, files: () => Record<string, string>, port = 0): Promise<RunningServer> {
  return startServer({
    storage,
    masterKey: Buffer.alloc(32, 1),
    readFiles: async () => files(),
    listen: { host: '127.0.0.1', port },
    tls: undefined,
    env: {},
    clock: systemClock,
    log: createRecordingLogger(),
  });
}

async function statusOf(server: RunningServer, path: string): Promise<number> {
  return (await fetch(`${server.url}${path}`, { signal: AbortSignal.timeout(5_000) })).status;
}

describe('a server', () => {
  test('is ready with a valid configuration, and has its beginning and end on record', async () => {
    const storage = storageThatTells();
    const server = await start(storage, () => VALID);
    expect([server.configuration, await statusOf(server, '/readyz')]).toEqual(['applied', 200]);
    await server.close();
    expect(storage.isClosed).toBe(true);
    const types = (await storage.events.list({ limit: 50 })).map(({ type }) => type);
    expect(types).toContain('server.started');
    expect(types[0]).toBe('server.stopped');
  });

  test('runs without a configuration, denies, and takes the first valid one', async () => {
    let files: Record<string, string> = BROKEN;
    const server = await start(storageThatTells(), () => files);
    expect([
      server.configuration,
      await statusOf(server, '/healthz'),
      await statusOf(server, '/readyz'),
    ]).toEqual(['none', 200, 503]);
    files = VALID;
    const reloads = await Promise.all(Array.from({ length: 50 }, () => server.reload()));
    expect(reloads.flat()).toEqual([]);
    expect(await statusOf(server, '/readyz')).toBe(200);
    await server.close();
  });

  test('starts with the last good version when the files are bad', async () => {
    const storage = openMemoryStorage();
    await (await start(storage, () => VALID)).close();
    const server = await start(storage, () => BROKEN);
    expect(server.configuration).toBe('restored');
    expect(server.problems).not.toEqual([]);
    await server.close();
  });

  test('that cannot listen closes everything that it opened', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const storage = storageThatTells();
    await expect(start(storage, () => VALID, port)).rejects.toMatchObject({ code: 'listen_failed' });
    expect(storage.isClosed).toBe(true);
    expect(await storage.events.list({ types: ['server.started'], limit: 1 })).toEqual([]);
    blocker.close();
  });

  test('that cannot record its beginning does not go on listening', async () => {
    const storage = storageThatTells();
    const { append } = { append: storage.events.append.bind(storage.events) };
    storage.events.append = (events) =>
      events.some(({ type }) => type === 'server.started')
        ? Promise.reject(new StoreError('store_full', 'full'))
        : append(events);
    await expect(start(storage, () => VALID)).rejects.toThrow('full');
    expect(storage.isClosed).toBe(true);
  });
});
