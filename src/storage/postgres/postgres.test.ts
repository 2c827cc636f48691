import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres } from '#cli/local-postgres/find-postgres.ts';
import { type LocalPostgres, startLocalPostgres } from '#cli/local-postgres/start-local-postgres.ts';
import { systemClock } from '#core/clock.ts';
import { createJsonLogger, silentLogger } from '#core/log.ts';
import { makeEvent, makeIntent } from '../contract/fixtures.ts';
import { describeStorage } from '../storage.contract.ts';
import type { Storage } from '../storage.ts';
import { mountSmallDisk, randomText } from '../contract/small-disk.ts';
import { PostgresConnections } from './connections.ts';
import { openPostgresStorage } from './open-postgres-storage.ts';

const binaries = findPostgres();
const name =
  binaries === undefined
    ? 'PostgreSQL storage — SKIPPED: no PostgreSQL on this machine (Debian: apt-get install postgresql)'
    : 'PostgreSQL storage';

describe.skipIf(binaries === undefined)(name, () => {
  let server: LocalPostgres;
  let databases = 0;

  beforeAll(async () => {
    // Power cuts are not simulated here, and fsync on a shared disk only makes this slow.
    server = await startLocalPostgres({
      binaries: binaries ?? '',
      settings: { fsync: 'off', log_statement: 'none' },
    });
  }, 60_000);
  afterAll(() => server?.stop());

  async function asAdmin(sql: string): Promise<pg.QueryResult> {
    const client = new pg.Client({ connectionString: server.url.reveal() });
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  }

  async function createDatabase(): Promise<string> {
    databases += 1;
    const database = `store_${databases}`;
    await asAdmin(`CREATE DATABASE ${database}`);
    return server.url.reveal().replace(/\/postgres$/, `/${database}`);
  }

  const open = (url: string, connectionsMax = 4): Promise<Storage> =>
    openPostgresStorage({ url, log: silentLogger, clock: systemClock, connectionsMax });

  describeStorage('contract', async () => {
    const url = await createDatabase();
    let storage = await open(url);
    let closed = false;
    return {
      storage,
      reopen: async () => {
        await storage.close();
        storage = await open(url);
        return storage;
      },
      dispose: async () => {
        if (!closed) await storage.close();
        closed = true;
      },
    };
  });

  describe('shared by several servers', () => {
    async function withServers(count: number, test: (storages: Storage[], url: string) => Promise<void>) {
      const url = await createDatabase();
      // At once, so that they also race for the first migration.
      const storages = await Promise.all(Array.from({ length: count }, () => open(url)));
      try {
        await test(storages, url);
      } finally {
        await Promise.all(storages.map((storage) => storage.close()));
      }
    }

    it('lets exactly one of them use a token', async () => {
      await withServers(3, async (storages) => {
        for (let round = 0; round < 10; round += 1) {
          const intents = Array.from({ length: 60 }, () => makeIntent({ token: `t${round}` }));
          const results = await Promise.all(
            intents.map((intent, index) => serverOf(storages, index).broker.commit(intent)),
          );
          const winner = intents.find((_, index) => results[index]?.status === 'committed');
          const replayed = { status: 'replayed', decision: winner?.lease.decision };
          expect(results.filter((result) => result.status === 'committed')).toHaveLength(1);
          for (const result of results) if (result.status !== 'committed') expect(result).toEqual(replayed);
        }
        expect(await storages[0]?.broker.leases({ limit: 100 })).toHaveLength(10);
        expect(await storages[1]?.events.list({ limit: 100 })).toHaveLength(10);
      });
    });

    it('never locks itself up when keys are shared crosswise', async () => {
      await withServers(3, async (storages) => {
        const shared = Array.from({ length: 40 }, (_, index) => index);
        const results = await Promise.all(
          storages.flatMap(({ broker }, server) =>
            shared.map((index) => {
              const other = server === 1 ? shared.length - 1 - index : index;
              const request = { token: `t${index}`, proof: `p${other}`, holder: 'k', retry: `r${index}` };
              return broker.commit(makeIntent(request));
            }),
          ),
        );
        for (const { status } of results)
          expect(['committed', 'repeated', 'proof_replayed']).toContain(status);
        const leases = (await storages[0]?.broker.leases({ limit: 1_000 })) ?? [];
        expect(results.filter(({ status }) => status === 'committed')).toHaveLength(leases.length);
      });
    });

    it('shows a reader every event once and in order, whichever server wrote it', async () => {
      await withServers(3, async (storages) => {
        const reader = serverOf(storages, 0);
        const seen: number[] = [];
        const ids = new Set<string>();
        let writing = true;
        const write = async (storage: Storage): Promise<void> => {
          for (let index = 0; index < 80; index += 1) {
            await Promise.all([storage.events.append([makeEvent()]), storage.broker.commit(makeIntent())]);
          }
        };
        const follow = async (): Promise<void> => {
          for (;;) {
            const last = !writing;
            const page = await reader.events.list({ afterSequence: seen.at(-1) ?? 0, limit: 50 });
            for (const { sequence, id } of page) {
              seen.push(sequence);
              ids.add(id);
            }
            if (last && page.length === 0) return;
          }
        };
        const following = follow();
        await Promise.all(storages.map(write));
        writing = false;
        await following;
        expect(ids.size).toBe(3 * 160);
        expect(seen).toEqual(seen.toSorted((one, other) => one - other));
      });
    });

    it('applies one of many racing changes to a lease', async () => {
      await withServers(3, async (storages) => {
        const intent = makeIntent();
        await storages[0]?.broker.commit(intent);
        const results = await Promise.all(
          Array.from({ length: 30 }, (_, index) =>
            serverOf(storages, index).broker.transition(
              intent.lease.id,
              ['active'],
              { state: 'revoking' },
              [],
            ),
          ),
        );
        expect(results.filter(Boolean)).toHaveLength(1);
      });
    });
  });

  describe('when the database fails', () => {
    it('refuses writes while it is read-only, keeps reading, and goes on by itself', async () => {
      const url = await createDatabase();
      const storage = await open(url);
      const intent = makeIntent();
      await storage.broker.commit(intent);
      await asAdmin('ALTER SYSTEM SET default_transaction_read_only = on');
      await asAdmin('SELECT pg_reload_conf()');
      await expect.poll(() => codeOf(storage.broker.commit(makeIntent()))).toBe('store_read_only');
      await expect(storage.check()).rejects.toMatchObject({ code: 'store_read_only' });
      await expect(storage.events.append([makeEvent()])).rejects.toMatchObject({ code: 'store_read_only' });
      expect(await storage.broker.lease(intent.lease.id)).toEqual(intent.lease);
      await asAdmin('ALTER SYSTEM RESET default_transaction_read_only');
      await asAdmin('SELECT pg_reload_conf()');
      await expect.poll(() => codeOf(storage.broker.commit(makeIntent()))).toBe('committed');
      await storage.close();
    });

    it('refuses while it is down, and goes on by itself', async () => {
      const url = await createDatabase();
      const lines: string[] = [];
      const log = createJsonLogger({ level: 'debug', now: () => 0, write: (line) => lines.push(line) });
      const storage = await openPostgresStorage({ url, log, clock: systemClock });
      await storage.broker.commit(makeIntent());
      await server.kill();
      const refusal = await storage.broker.commit(makeIntent()).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'store_unavailable' });
      await expect(storage.check()).rejects.toMatchObject({ code: 'store_unavailable' });
      await expect(storage.broker.leases({ limit: 1 })).rejects.toMatchObject({ code: 'store_unavailable' });
      await server.restart();
      await expect
        .poll(() => codeOf(storage.broker.commit(makeIntent())), { timeout: 10_000 })
        .toBe('committed');
      expect(lines.join('')).toContain('store.failed');
      expect(lines.join('')).toContain('store.recovered');
      const told =
        lines.join('') + String(refusal) + JSON.stringify(refusal) + String((refusal as Error).cause);
      expect(told).not.toContain(server.password.reveal());
      await storage.close();
    }, 60_000);

    it('says what is wrong with a URL without repeating it', async () => {
      const wrong = server.url.reveal().replace(server.password.reveal(), 'not-the-password');
      const error = await open(wrong).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'store_unavailable', remedy: expect.stringContaining('password') });
      expect(JSON.stringify(error)).not.toContain('not-the-password');
      await expect(open('not a url: hunter2')).rejects.not.toThrow('hunter2');
    });

    it('refuses a schema that a newer version wrote', async () => {
      const url = await createDatabase();
      const storage = await open(url);
      await storage.close();
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(
        "INSERT INTO vouchgate.migration (name, applied_at_ms) VALUES ('from the future', 1)",
      );
      await client.end();
      await expect(open(url)).rejects.toMatchObject({ code: 'store_version_unknown' });
    });

    it('makes writes durable on a server that would not', async () => {
      const url = await createDatabase();
      await asAdmin(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET synchronous_commit = off`);
      const connections = new PostgresConnections({
        url,
        location: 'test',
        connectionsMax: 1,
        log: silentLogger,
      });
      expect(await connections.query('SHOW synchronous_commit', [])).toEqual([['on']]);
      await connections.close();
    });

    it('refuses writes while its disk is full, and goes on by itself', async ({ skip }) => {
      const disk = mountSmallDisk(server.directory);
      if (disk === undefined) {
        skip('a small disk can only be mounted by root on Linux');
        return;
      }
      try {
        const url = await createDatabase();
        await asAdmin(`CREATE TABLESPACE small LOCATION '${disk.path}'`);
        await asAdmin(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_tablespace = small`);
        const storage = await open(url);
        await storage.broker.commit(makeIntent());
        disk.fill();
        const large = () => makeIntent({ events: [makeEvent({ body: { text: randomText(200_000) } })] });
        await expect.poll(() => codeOf(storage.broker.commit(large()))).toBe('store_full');
        disk.empty();
        await expect.poll(() => codeOf(storage.broker.commit(large()))).toBe('committed');
        await storage.close();
        await asAdmin(`DROP DATABASE ${new URL(url).pathname.slice(1)}`);
        await asAdmin('DROP TABLESPACE small');
      } finally {
        disk.dispose();
      }
    });

    it('refuses more than 20,000 waiting calls at once, and serves those it took', async () => {
      const storage = await open(await createDatabase());
      const calls = Array.from({ length: 20_050 }, () =>
        codeOf(storage.broker.commit(makeIntent({ events: [] }))),
      );
      const codes = await Promise.all(calls);
      expect(codes.filter((code) => code === 'store_unavailable')).toHaveLength(50);
      expect(codes.filter((code) => code === 'committed')).toHaveLength(20_000);
      await storage.close();
    }, 60_000);
  });
});

function serverOf(storages: readonly Storage[], index: number): Storage {
  const storage = storages[index % storages.length];
  if (storage === undefined) throw new Error('no server');
  return storage;
}

async function codeOf(call: Promise<{ status: string }>): Promise<unknown> {
  try {
    return (await call).status;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}
