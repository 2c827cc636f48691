import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalPostgres } from '#cli/local-postgres/start-local-postgres.ts';
import { deployToken, exchange, newHolderKey, type Outcome, valuesOf } from './harness/job.ts';
import { logIn, type Person } from './harness/person.ts';
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

const STORM = 100;

interface Scene {
  site: Site;
  servers: ServerProcess[];
  person: Person;
}

/** How often each outcome came: `issued`, or the reason of the denial. */
function tally(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { denial } of outcomes) {
    const name = denial?.reason ?? 'issued';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** All at once, spread over the servers. */
function storm(scene: Scene, resource: string, key?: ReturnType<typeof newHolderKey>): Promise<Outcome[]> {
  const token = deployToken(scene.site);
  return stormOf(scene, resource, token, key);
}

function stormOf(
  { site, servers }: Scene,
  resource: string,
  token: string,
  key?: ReturnType<typeof newHolderKey>,
): Promise<Outcome[]> {
  return Promise.all(
    Array.from({ length: STORM }, (_, index) =>
      exchange(site, {
        resource,
        token,
        serverUrl: servers[index % servers.length]?.url ?? site.url,
        ...(key === undefined ? {} : { key }),
      }),
    ),
  );
}

function leaseIds(outcomes: readonly Outcome[]): Set<string> {
  return new Set(outcomes.flatMap(({ issued }) => (issued === undefined ? [] : [issued.lease.id])));
}

async function expectOneCredential(scene: Scene, resource: string): Promise<void> {
  const outcomes = await storm(scene, resource);
  expect(tally(outcomes)).toEqual({ issued: 1, token_replayed: STORM - 1 });
  const [winner] = outcomes.filter(({ issued }) => issued !== undefined);
  const story = await scene.person.decision(winner?.issued?.decision ?? '');
  expect(story.outcome).toBe('issued');
  // Each loser names the decision in which the token was used, so that a stolen token can be traced.
  for (const { denial } of outcomes) {
    if (denial !== undefined) expect(denial.facts[0]?.received).toContain(story.id);
  }
}

describe('one token, 100 exchanges at once, one server on SQLite', { timeout: 60_000 }, () => {
  let scene: Scene;
  beforeAll(async () => {
    const site = await openSite();
    const server = await site.start();
    scene = { site, servers: [server], person: await logIn(server) };
  }, 60_000);
  afterAll(() => scene?.site.close());

  it('gives exactly one credential and 99 refusals that name its decision', async () => {
    await expectOneCredential(scene, 'partner-api');
  });

  it('gives one lease to the holder of one key, however often it asks', async () => {
    const token = deployToken(scene.site);
    const key = newHolderKey();
    const outcomes = await stormOf(scene, 'partner-api', token, key);
    expect(tally(outcomes)).toEqual({ issued: STORM });
    expect(leaseIds(outcomes).size).toBe(1);

    const thief = await exchange(scene.site, { resource: 'partner-api', token, key: newHolderKey() });
    expect(thief.denial?.reason).toBe('token_replayed');
    const bearer = await exchange(scene.site, { resource: 'partner-api', token });
    expect(bearer.denial?.reason).toBe('token_replayed');
  });
});

describe.skipIf(postgresBinaries === undefined)(
  `one token, 100 exchanges at once, two servers on one PostgreSQL (${postgresNote})`,
  { timeout: 60_000 },
  () => {
    let postgres: LocalPostgres;
    let shop: ShopDatabase;
    let scene: Scene;
    beforeAll(async () => {
      postgres = await startPostgres();
      shop = await openShop(postgres, '5m');
      const database = await createStoreDatabase(postgres, 'vouchgate_store');
      const site = await openSite({ shop, database });
      const first = await site.start();
      const second = await site.start({ beside: true });
      scene = { site, servers: [first, second], person: await logIn(first) };
    }, 60_000);
    afterAll(async () => {
      await scene?.site.close();
      await shop?.stop();
      await postgres?.stop();
    }, 30_000);

    it('gives exactly one token of ours', async () => {
      await expectOneCredential(scene, 'partner-api');
    });

    it('makes exactly one database role', async () => {
      await expectOneCredential(scene, 'shop-db');
      expect(await shop.roles()).toHaveLength(1);
      expect(await scene.person.revokeAll()).toMatchObject({ pending: [] });
      expect(await shop.roles()).toEqual([]);
    });

    it('gives the holder of one key at most one live lease, the same on every retry', async () => {
      const token = deployToken(scene.site);
      const key = newHolderKey();
      const outcomes = await stormOf(scene, 'shop-db', token, key);
      // Renewing the password of one role from many sides at once, some meet in PostgreSQL: they are told to try again.
      const refused = outcomes.flatMap(({ denial }) => (denial === undefined ? [] : [denial]));
      expect(refused.filter(({ retryable }) => !retryable)).toEqual([]);
      expect(refused.length).toBeLessThan(STORM);
      const ids = leaseIds(outcomes);
      expect(ids.size).toBe(1);

      const again = await exchange(scene.site, { resource: 'shop-db', token, key });
      expect(again.issued?.lease.id).toBe([...ids][0]);
      const values = again.issued === undefined ? {} : valuesOf(again.issued);
      const { username = '', password = '' } = values;
      expect(await shop.query({ username, password })).toEqual({ role: username, orders: 3 });

      const thief = await exchange(scene.site, { resource: 'shop-db', token, key: newHolderKey() });
      expect(thief.denial?.reason).toBe('token_replayed');
      const live = await scene.person.leases({ state: 'pending,active,revoking', resource: 'shop-db' });
      expect(live.map(({ id }) => id)).toEqual([...ids]);
      expect(await shop.roles()).toHaveLength(1);
    });
  },
);
