import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalPostgres } from '#cli/local-postgres/start-local-postgres.ts';
import type { Issued } from '#cli/client/exchange-answer.ts';
import { ClientError } from '#cli/client/client-error.ts';
import type { Secret } from '#core/secret.ts';
import { deployToken, exchange, newHolderKey } from './harness/job.ts';
import { type ReadLog, readLog } from './harness/log.ts';
import { logIn, type Person, personWith } from './harness/person.ts';
import type { ServerProcess } from './harness/server-process.ts';
import {
  createStoreDatabase,
  openShop,
  postgresBinaries,
  postgresNote,
  type ShopDatabase,
  startPostgres,
} from './harness/shop-database.ts';
import { openSite, type Site } from './harness/site.ts';
import { eventually, forEachParallel } from './harness/wait.ts';

/** 20 for the acceptance run. */
const ROUNDS = Number(process.env['VOUCHGATE_E2E_ROUNDS'] ?? 4);
const CLIENTS = 12;
const ROLE_SECONDS = 30;
const SWEEP_MS = 5_000;
const RESOURCES = ['shop-db', 'partner-api'];

interface Received {
  issued: Issued;
  token: string;
}

interface Storm {
  received: Received[];
  /** Exchanges whose answer never came. */
  lost: number;
  done: Promise<unknown>;
}

/** Clients that go on asking until the server is gone; every third proves a key. */
function startStorm(site: Site): Storm {
  const storm: Storm = { received: [], lost: 0, done: Promise.resolve() };
  const work = async (client: number): Promise<void> => {
    for (let count = client; ; count += 1) {
      const token = deployToken(site);
      const key = count % 3 === 0 ? { key: newHolderKey() } : {};
      const resource = RESOURCES[count % 2] ?? '';
      try {
        const { issued, denial } = await exchange(site, { resource, token, ...key });
        if (issued !== undefined) storm.received.push({ issued, token });
        else if (!denial.retryable) throw new Error(`refused for good: ${denial.reason}`);
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        storm.lost += 1;
        return;
      }
    }
  };
  storm.done = Promise.all(Array.from({ length: CLIENTS }, (_, client) => work(client)));
  return storm;
}

/** What a client holds was recorded before it was sent, so it is there however the server ended. */
async function expectRecorded(person: Person, received: readonly Received[]): Promise<void> {
  await forEachParallel(received, 8, async ({ issued }) => {
    const story = await person.decision(issued.decision);
    expect(story.lease?.id).toBe(issued.lease.id);
    expect(story.outcome).toBe('issued');
    const types = story.events.map(({ type }) => type);
    const wanted =
      issued.credentialType === 'postgres' ? ['decision.allowed', 'credential.issued'] : ['decision.issued'];
    expect(types).toEqual(expect.arrayContaining(wanted));
  });
}

/** Each acknowledged decision stands in the log, once, and the log goes on from what it was before the crash. */
async function expectInLog(scene: Scene, person: Person, received: readonly Received[]): Promise<void> {
  const wanted = new Set<string>();
  await forEachParallel(received, 8, async ({ issued }) => {
    const { events } = await person.decision(issued.decision);
    for (const { id } of events) wanted.add(id);
  });
  scene.log = await eventually('the log is up to date', 10_000, async () => {
    const log = await readLog(scene.server.url, scene.log?.signed);
    const ids = new Set(log.ids);
    expect(ids.size).toBe(log.ids.length);
    return [...wanted].every((id) => ids.has(id)) ? log : undefined;
  });
}

async function expectRefusedAgain(site: Site, received: readonly Received[]): Promise<void> {
  for (const { token, issued } of received.slice(-4)) {
    const { denial } = await exchange(site, { resource: issued.resource, token });
    expect(denial?.reason).toBe('token_replayed');
  }
}

/** No lease of a role is on its way, and PostgreSQL has none of our roles. */
async function expectNothingLeft(person: Person, shop: ShopDatabase, timeoutMs: number): Promise<void> {
  await eventually('no role and no live lease is left', timeoutMs, async () => {
    const query = { state: 'pending,active,revoking,irrevocable', resource: 'shop-db' };
    const live = await person.leases(query);
    return live.length === 0 && (await shop.roles()).length === 0 ? true : undefined;
  });
}

interface Totals {
  rounds: number;
  received: number;
  lost: number;
  unanswered: number;
}

interface Scene {
  dialect: 'SQLite' | 'PostgreSQL';
  site: Site;
  shop: ShopDatabase;
  server: ServerProcess;
  session: Secret;
  log: ReadLog | undefined;
  totals: Totals;
}

async function openScene(postgres: LocalPostgres, dialect: Scene['dialect']): Promise<Scene> {
  const shop = await openShop(postgres, `${ROLE_SECONDS}s`);
  const database = dialect === 'SQLite' ? undefined : await createStoreDatabase(postgres, 'crash_store');
  const site = await openSite({ shop, ...(database === undefined ? {} : { database }) });
  const server = await site.start();
  const { session } = await logIn(server);
  return {
    dialect,
    site,
    shop,
    server,
    session,
    log: undefined,
    totals: { rounds: 0, received: 0, lost: 0, unanswered: 0 },
  };
}

/** One storm, one kill, one restart; everything received must be in the record. */
async function crashOnce(scene: Scene): Promise<Person> {
  const { site, totals } = scene;
  const storm = startStorm(site);
  await eventually('the storm is under way', 15_000, () => (storm.received.length > 20 ? true : undefined));
  // Anywhere in the life of an exchange: the moment is not aligned with anything.
  await sleep(50 + Math.random() * 300);
  await scene.server.crash();
  await storm.done;
  scene.server = await site.start();
  const person = personWith(scene.session, scene.server.url);
  await expectRecorded(person, storm.received);
  await expectInLog(scene, person, storm.received);
  await expectRefusedAgain(site, storm.received);
  const known = new Set(storm.received.map(({ issued }) => issued.lease.id));
  const live = await person.leases({ state: 'pending,active,revoking', resource: 'shop-db' });
  totals.rounds += 1;
  totals.received += storm.received.length;
  totals.lost += storm.lost;
  totals.unanswered += live.filter(({ id }) => !known.has(id)).length;
  return person;
}

describe.skipIf(postgresBinaries === undefined)(
  `kill -9 in a storm of exchanges (${postgresNote})`,
  { timeout: 60_000 + ROUNDS * 15_000 },
  () => {
    let postgres: LocalPostgres;
    const scenes: Scene[] = [];

    beforeAll(async () => {
      postgres = await startPostgres();
      for (const dialect of ['SQLite', 'PostgreSQL'] as const)
        scenes.push(await openScene(postgres, dialect));
    }, 60_000);
    afterAll(async () => {
      for (const { site, shop } of scenes) {
        await site.close();
        await shop.stop();
      }
      await postgres?.stop();
    }, 30_000);

    it.each([0, 1])(
      'loses nothing that a client received; a bulk revoke leaves no role (store %i)',
      async (index) => {
        const scene = scenes[index];
        if (scene === undefined) throw new Error('the scene was not opened');
        for (let round = 0; round < ROUNDS; round += 1) {
          const person = await crashOnce(scene);
          await person.revokeAll();
          await expectNothingLeft(person, scene.shop, 10_000);
        }
        process.stderr.write(`kill -9, store on ${scene.dialect}: ${JSON.stringify(scene.totals)}\n`);
        expect(scene.totals).toMatchObject({ rounds: ROUNDS, lost: ROUNDS * CLIENTS });
      },
    );

    it('ends by itself what nobody revokes, also what was never answered', async () => {
      const persons: Person[] = [];
      for (const scene of scenes) {
        persons.push(await crashOnce(scene));
        expect((await scene.shop.roles()).length).toBeGreaterThan(0);
      }
      await sleep(ROLE_SECONDS * 1_000);
      for (const [index, person] of persons.entries()) {
        const shop = scenes[index]?.shop;
        if (shop !== undefined) await expectNothingLeft(person, shop, SWEEP_MS + 10_000);
      }
    });
  },
);
