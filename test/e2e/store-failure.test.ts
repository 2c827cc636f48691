import { execFileSync } from 'node:child_process';
import { chmod, rename } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LocalPostgres } from '#cli/local-postgres/start-local-postgres.ts';
import type { Issued } from '#cli/client/exchange-answer.ts';
import { Canary } from './harness/canary.ts';
import { deployToken, exchange, getJson, type Outcome } from './harness/job.ts';
import { logIn, type Person } from './harness/person.ts';
import { listProcessArguments } from './harness/process-list.ts';
import type { ServerProcess } from './harness/server-process.ts';
import {
  createStoreDatabase,
  postgresBinaries,
  postgresNote,
  startPostgres,
} from './harness/shop-database.ts';
import { openSite, type Site, type SiteOptions, type StartOptions } from './harness/site.ts';
import { hasProgram, mountSmallDisk } from './harness/small-disk.ts';
import { eventually } from './harness/wait.ts';

const NOTICED_WITHIN_MS = 15_000;
const RECOVERED_WITHIN_MS = 20_000;

interface Scene {
  site: Site;
  server: ServerProcess;
  person: Person;
  /** All that was released, in whatever state the store was. */
  released: Issued[];
}

async function openScene(options: SiteOptions = {}, start: StartOptions = {}): Promise<Scene> {
  const site = await openSite(options);
  const server = await site.start(start);
  const scene = { site, server, person: await logIn(server), released: [] };
  expect((await ask(scene)).status).toBe(200);
  return scene;
}

async function ask(scene: Scene): Promise<Outcome> {
  const outcome = await exchange(scene.site, { resource: 'partner-api', token: deployToken(scene.site) });
  if (outcome.issued !== undefined) scene.released.push(outcome.issued);
  return outcome;
}

/** Exchanges until they are denied, and checks that the denial and /readyz say what is wrong. */
async function expectDenied(scene: Scene, codes: readonly string[]): Promise<void> {
  const { denial, status, answer } = await eventually('exchanges are denied', NOTICED_WITHIN_MS, async () => {
    const outcome = await ask(scene);
    return outcome.denial === undefined ? undefined : outcome;
  });
  expect(status).toBe(503);
  expect(denial).toMatchObject({
    error: 'temporarily_unavailable',
    reason: 'store_unavailable',
    retryable: true,
    decision: undefined,
  });
  expect(denial.message).not.toBe('');
  expect(denial.remedy).toContain('/readyz');
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);

  const ready = await eventually('/readyz says so', NOTICED_WITHIN_MS, async () => {
    const found = await getJson(`${scene.site.url}/readyz`);
    return found.status === 503 && codes.includes(String(found.body['code'])) ? found : undefined;
  });
  expect(String(ready.body['remedy'])).not.toBe('');
  expect((await getJson(`${scene.site.url}/healthz`)).status).toBe(200);
  // Not a matter of luck: none is let through while it lasts.
  for (let count = 0; count < 10; count += 1) expect((await ask(scene)).status).toBe(503);
}

/** Without a restart; and whatever was released meanwhile is in the record. */
async function expectRecovered(scene: Scene): Promise<void> {
  const { pid } = scene.server;
  await eventually('exchanges are allowed again', RECOVERED_WITHIN_MS, async () =>
    (await ask(scene)).issued === undefined ? undefined : true,
  );
  await eventually('/readyz is content again', RECOVERED_WITHIN_MS, async () =>
    (await getJson(`${scene.site.url}/readyz`)).status === 200 ? true : undefined,
  );
  expect(scene.server.pid).toBe(pid);
  for (const { decision, lease } of scene.released) {
    expect(await scene.person.decision(decision)).toMatchObject({
      outcome: 'issued',
      lease: { id: lease.id },
    });
  }
  const events = scene.server.logLines().map(({ event }) => event);
  expect(events).toContain('store.failed');
  expect(events).toContain('store.recovered');
}

describe('the embedded store fails', { timeout: 90_000 }, () => {
  let scene: Scene | undefined;
  afterEach(async () => {
    await scene?.site.close();
    scene = undefined;
  });
  const storeOf = ({ site }: Scene) => join(site.dataFolder, 'vouchgate.db');

  it('its file is moved away, and put back', async () => {
    scene = await openScene();
    const path = storeOf(scene);
    await rename(path, `${path}.away`);
    await expectDenied(scene, ['store_unavailable']);
    await rename(`${path}.away`, path);
    await expectRecovered(scene);
  });

  const readOnlyTools = process.getuid?.() !== 0 || hasProgram('setpriv');
  it.skipIf(!readOnlyTools)(
    `its file comes back read-only, and is made writable again (${readOnlyTools ? 'tried' : 'SKIPPED: root needs setpriv'})`,
    async () => {
      // Root may write everything, unless it gives that up.
      const wrapper =
        process.getuid?.() === 0
          ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-all']
          : [];
      scene = await openScene({}, { wrapper });
      const path = storeOf(scene);
      const files = [`${path}-wal`, `${path}-shm`, path];
      await rename(path, `${path}.away`);
      await expectDenied(scene, ['store_unavailable']);
      await Promise.all(
        [`${path}.away`, ...files.slice(0, 2)].map((file) => chmod(file, 0o400).catch(ignoreMissing)),
      );
      await rename(`${path}.away`, path);
      await expectDenied(scene, ['store_read_only']);
      await Promise.all(files.map((file) => chmod(file, 0o600).catch(ignoreMissing)));
      await expectRecovered(scene);
    },
  );

  it('its disk is full, and has room again', async (context) => {
    const disk = mountSmallDisk();
    if (disk === undefined) return context.skip(true, 'SKIPPED: a small disk needs root on Linux');
    try {
      scene = await openScene({ dataFolder: join(disk.path, 'data') });
      await disk.fill();
      await expectDenied(scene, ['store_full']);
      await disk.free();
      await expectRecovered(scene);
    } finally {
      await scene?.server.crash();
      disk.unmount();
    }
  });

  const limitTools = process.platform === 'linux' && hasProgram('prlimit');
  it.skipIf(!limitTools)(
    `its file may not grow (ulimit), and may again (${limitTools ? 'tried' : 'SKIPPED: needs prlimit'})`,
    async () => {
      scene = await openScene({}, { wrapper: ['sh', '-c', 'trap "" XFSZ; exec "$@"', 'sh'] });
      const { pid } = scene.server;
      execFileSync('prlimit', ['--pid', String(pid), '--fsize=65536:']);
      await expectDenied(scene, ['store_unavailable', 'store_full']);
      execFileSync('prlimit', ['--pid', String(pid), '--fsize=unlimited:']);
      await expectRecovered(scene);
    },
  );
});

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

describe.skipIf(postgresBinaries === undefined)(
  `the PostgreSQL of the store fails (${postgresNote})`,
  { timeout: 90_000 },
  () => {
    let postgres: LocalPostgres;
    let scene: Scene;
    beforeAll(async () => {
      postgres = await startPostgres();
      scene = await openScene({ database: await createStoreDatabase(postgres, 'failing_store') });
    }, 60_000);
    afterAll(async () => {
      await scene?.site.close();
      await postgres?.stop();
    }, 30_000);

    it('is killed, and started again', async () => {
      await postgres.kill();
      await expectDenied(scene, ['store_unavailable']);
      await postgres.restart();
      await expectRecovered(scene);
    });

    it('becomes read-only, as after a failover to a standby, and is writable again', async () => {
      const administer = async (sql: string) => {
        const client = new pg.Client({ connectionString: postgres.url.reveal() });
        await client.connect();
        await client.query(sql);
        await client.end();
      };
      await administer('ALTER DATABASE failing_store SET default_transaction_read_only = on');
      await administer(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'failing_store'",
      );
      await expectDenied(scene, ['store_read_only', 'store_unavailable']);
      // Connections that were opened meanwhile stay read-only: the server has to let go of them by itself.
      await administer('ALTER DATABASE failing_store RESET default_transaction_read_only');
      await expectRecovered(scene);
    });

    it('is stopped in the middle of exchanges', async () => {
      const asking = Promise.all(Array.from({ length: 50 }, () => ask(scene)));
      await postgres.kill();
      for (const { status } of await asking) expect([200, 503]).toContain(status);
      await expectDenied(scene, ['store_unavailable']);
      await postgres.restart();
      await expectRecovered(scene);
    });

    it('never had its password in the log, whatever failed', () => {
      const canary = new Canary();
      canary.add('password of the store', postgres.password.reveal());
      expect(scene.server.logLines().length).toBeGreaterThan(0);
      expect(canary.find(scene.server.stderr() + scene.server.stdout())).toEqual([]);
      expect(canary.find(listProcessArguments())).toEqual([]);
    });
  },
);
