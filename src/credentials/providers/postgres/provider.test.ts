import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres } from '#cli/local-postgres/find-postgres.ts';
import { type LocalPostgres, startLocalPostgres } from '#cli/local-postgres/start-local-postgres.ts';
import { type Clock, systemClock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import type { CredentialProvider, CredentialRequest, IssuedCredential } from '../../provider.ts';
import { provider as kind } from './provider.ts';
import type { PostgresParameters } from './settings.ts';

const binaries = findPostgres();
const ADMIN_PASSWORD = randomBytes(18).toString('base64url');
const settings = {
  fsync: 'off',
  log_statement: 'all',
  log_min_messages: 'info',
  max_prepared_transactions: '20',
};

type Provider = CredentialProvider<PostgresParameters>;
const opened: Provider[] = [];

function contextFor(clock: Clock = systemClock, issuer = 'https://vouchgate.example') {
  return {
    clock,
    log: silentLogger,
    fetch: () => Promise.reject(new Error('this provider uses no HTTP')),
    signer: { issuer, sign: () => Promise.reject(new Error('this provider signs nothing')) },
    sealedSecrets: { read: () => Promise.resolve(undefined) },
    resolveSecret: () => Promise.resolve(new Secret(ADMIN_PASSWORD)),
  };
}

function openProvider(port: number, extra: object = {}, context = contextFor()): Provider {
  const parsed = kind.settings.parse({
    host: '127.0.0.1',
    port,
    database: 'shop',
    adminUser: 'vg admin "quoted"',
    adminPassword: { env: 'UNUSED' },
    ...extra,
  });
  const provider = kind.create(parsed, context);
  opened.push(provider);
  return provider;
}

function request(parameters: object = {}, extra: { ttlSeconds?: number; resource?: string } = {}) {
  const made: CredentialRequest<PostgresParameters> = {
    leaseId: newId('lse', systemClock),
    decisionId: newId('dec', systemClock),
    identity: { provider: 'github', platform: 'github-actions', issuer: 'i', subject: 's', claims: {} },
    principalId: 'github/1',
    resource: extra.resource ?? 'shop-db',
    parameters: kind.parameters.parse({ memberOf: ['ci_deploy'], ...parameters }),
    ttlSeconds: extra.ttlSeconds ?? 900,
    issuedAtMs: systemClock.nowMs(),
  };
  return made;
}

function urlOf(credential: IssuedCredential): string {
  const { url } = credential.values;
  return url instanceof Secret ? url.reveal() : '';
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString, ssl: false, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function query(connectionString: string, text: string): Promise<unknown[]> {
  const client = await connect(connectionString);
  try {
    return (await client.query<unknown[]>({ text, rowMode: 'array' })).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const never = new AbortController().signal;

async function issued(provider: Provider, job = request()) {
  const handle = provider.plan(job);
  return { job, handle, credential: await provider.issue(job, handle, never) };
}

afterEach(async () => {
  for (const provider of opened.splice(0)) await provider.close();
});

describe('the settings', () => {
  const base = { host: 'db.acme.example', database: 'shop', adminUser: 'vouchgate' };

  it('refuse what they do not know, no TLS check at all, and an endless pool', () => {
    const bad = [
      { sslmode: 'no-verify' },
      { ssl: { mode: 'require' } },
      { connectionsMax: 1_000 },
      { adminPassword: 'x' },
    ];
    for (const one of bad) expect(kind.settings.safeParse({ ...base, ...one }).success).toBe(false);
    expect(kind.settings.parse(base)).toMatchObject({ port: 5_432, connectionsMax: 4 });
  });

  it.each([
    [[]],
    [['a', 'a']],
    [['x'.repeat(64)]],
    [['a\0']],
    [Array.from({ length: 11 }, (_, i) => `r${i}`)],
  ])('refuse the groups %j', (memberOf) =>
    expect(kind.parameters.safeParse({ memberOf }).success).toBe(false),
  );
});

describe('a server that is out of reach', () => {
  it('is backend_unavailable at once, and check says so without the password', async () => {
    const provider = openProvider(1);
    const job = request();
    const startMs = performance.now();
    const error: unknown = await provider
      .issue(job, provider.plan(job), never)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'backend_unavailable', location: '127.0.0.1:1/shop' });
    expect(performance.now() - startMs).toBeLessThan(4_000);
    expect(inspect(error, { depth: 10 })).not.toContain(ADMIN_PASSWORD);
    expect(await provider.check(never)).toEqual([expect.stringContaining('ECONNREFUSED')]);
  });

  it('that accepts and then says nothing is left when the caller’s time is up', async () => {
    const silent = createServer();
    const port = await new Promise<number>((resolve) => {
      silent.listen(0, '127.0.0.1', () => {
        const address = silent.address();
        resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
      });
    });
    const sockets = new Set<{ destroy(): void }>();
    silent.on('connection', (socket) => sockets.add(socket));
    try {
      const provider = openProvider(port);
      const job = request();
      const startMs = performance.now();
      await expect(provider.issue(job, provider.plan(job), AbortSignal.timeout(200))).rejects.toMatchObject({
        code: 'backend_unavailable',
      });
      expect(performance.now() - startMs).toBeLessThan(4_000);
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  });
});

describe.skipIf(binaries === undefined)(
  `roles of a real server (${binaries ?? 'SKIPPED: no postgres found; install it or set VOUCHGATE_POSTGRES_BIN'})`,
  { timeout: 60_000 },
  () => {
    let server: LocalPostgres;
    let superuser = '';
    const inShop = () => superuser.replace(/postgres$/, 'shop');
    const roles = () => query(superuser, "SELECT rolname FROM pg_roles WHERE rolname LIKE 'vg\\_%'");

    beforeAll(async () => {
      server = await startLocalPostgres({ binaries: binaries ?? '', settings });
      superuser = server.url.reveal();
      const setUp = await connect(superuser);
      await setUp.query('SET log_statement = none');
      await setUp.query(`CREATE ROLE "vg admin ""quoted""" LOGIN CREATEROLE PASSWORD '${ADMIN_PASSWORD}'`);
      await setUp.end();
      const admin = '"vg admin ""quoted"""';
      await query(superuser, `CREATE ROLE ci_deploy; GRANT ci_deploy TO ${admin} WITH ADMIN OPTION`);
      await query(
        superuser,
        `CREATE ROLE "hostile""; DROP ROLE ci_deploy; --"; GRANT "hostile""; DROP ROLE ci_deploy; --" TO ${admin} WITH ADMIN OPTION`,
      );
      await query(superuser, `CREATE ROLE shop_owner; GRANT shop_owner TO ${admin} WITH ADMIN OPTION`);
      await query(superuser, 'CREATE ROLE boss SUPERUSER');
      await query(
        superuser,
        `CREATE ROLE indirect; GRANT boss TO indirect; GRANT indirect TO ${admin} WITH ADMIN OPTION`,
      );
      await query(superuser, 'CREATE DATABASE shop');
      await query(superuser, 'CREATE DATABASE other');
      await query(inShop(), `CREATE TABLE orders AS SELECT 1 AS id; GRANT SELECT ON orders TO ci_deploy`);
      await query(inShop(), 'GRANT CREATE ON SCHEMA public TO ci_deploy, shop_owner');
      await query(superuser.replace(/postgres$/, 'other'), 'GRANT CREATE ON SCHEMA public TO ci_deploy');
    }, 60_000);
    afterAll(async () => server?.stop());

    it('live: issued, used, renewed, revoked, and revoked again', async () => {
      const provider = openProvider(server.port);
      expect(await provider.check(never)).toEqual([]);
      const { job, handle, credential } = await issued(provider);
      expect(credential.expiresAtMs).toBe(job.issuedAtMs + 900_000);
      expect(Object.keys(credential.environment)).toEqual([
        'PGHOST',
        'PGPORT',
        'PGDATABASE',
        'PGUSER',
        'PGPASSWORD',
        'PGSSLMODE',
      ]);
      expect(await query(urlOf(credential), 'SELECT id FROM orders')).toEqual([[1]]);
      await expect(query(urlOf(credential), 'DELETE FROM orders')).rejects.toMatchObject({ code: '42501' });

      const laterMs = job.issuedAtMs + 3_600_000;
      await provider.renew?.(handle, laterMs, never);
      const validity = `SELECT extract(epoch FROM rolvaliduntil)::float8 * 1000 FROM pg_roles WHERE rolname = '${String(handle['role'])}'`;
      expect(await query(superuser, validity)).toEqual([[laterMs]]);

      await provider.revoke?.(handle, never);
      await provider.revoke?.(handle, never);
      expect(await roles()).toEqual([]);
      await expect(query(urlOf(credential), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
      await expect(provider.renew?.(handle, laterMs, never)).rejects.toMatchObject({
        code: 'backend_refused',
      });
    });

    it('carry lease and decision, and rights by membership alone', async () => {
      const provider = openProvider(server.port);
      const { job, handle } = await issued(provider);
      const [row] = await query(
        superuser,
        `SELECT shobj_description(oid, 'pg_authid'), rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
           rolinherit, rolconnlimit FROM pg_roles WHERE rolname = '${String(handle['role'])}'`,
      );
      expect(row).toEqual([
        expect.stringMatching(new RegExp(`^vouchgate ${job.leaseId} .*"${job.decisionId}"`)),
        false,
        false,
        false,
        false,
        false,
        true,
        4,
      ]);
      await provider.revoke?.(handle, never);
    });

    it('get a new password when issued again after a lost answer, and only then', async () => {
      const provider = openProvider(server.port);
      const { job, handle, credential: lost } = await issued(provider);
      const found = await provider.issue(job, handle, never);
      await expect(query(urlOf(lost), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
      expect(await query(urlOf(found), 'SELECT id FROM orders')).toEqual([[1]]);
      await provider.revoke?.(handle, never);
    });

    it('end their sessions when revoked, also the one that waits for a lock', async () => {
      const provider = openProvider(server.port);
      const { handle, credential } = await issued(provider);
      const idle = await connect(urlOf(credential));
      const busy = await connect(urlOf(credential));
      const sleeping = busy.query('SELECT pg_sleep(60)').catch((error: unknown) => error);
      await provider.revoke?.(handle, never);
      await expect(idle.query('SELECT 1')).rejects.toThrow();
      expect(await sleeping).toMatchObject({ code: '57P01' });
      expect(await roles()).toEqual([]);
      await Promise.allSettled([idle.end(), busy.end()]);
    });

    it('go with what they made, in every database, prepared transactions included', async () => {
      const provider = openProvider(server.port);
      const { handle, credential } = await issued(provider);
      await query(urlOf(credential), 'CREATE TABLE public.left_behind (a int)');
      await query(urlOf(credential).replace('/shop?', '/other?'), 'CREATE TABLE public.left_there (a int)');
      const hostile = await connect(urlOf(credential));
      await hostile.query('BEGIN');
      await hostile.query('CREATE TABLE public.prepared_table (a int)');
      await hostile.query(`PREPARE TRANSACTION 'it''s "mine"'`);
      await hostile.end();
      await provider.revoke?.(handle, never);
      expect(await roles()).toEqual([]);
      expect(await query(inShop(), "SELECT to_regclass('left_behind')")).toEqual([[null]]);
      expect(await query(superuser, 'SELECT gid FROM pg_prepared_xacts')).toEqual([]);
    });

    it('leave what they made to the owner that was named for it', async () => {
      const provider = openProvider(server.port, { ownerRole: 'shop_owner' });
      // Before 16 our CREATEROLE is enough for both; from then on the owner must be ours to use.
      await query(superuser, 'GRANT shop_owner TO "vg admin ""quoted"""');
      const { handle, credential } = await issued(provider);
      await query(urlOf(credential), 'CREATE TABLE public.inherited (a int)');
      await provider.revoke?.(handle, never);
      expect(await query(inShop(), "SELECT tableowner FROM pg_tables WHERE tablename = 'inherited'")).toEqual(
        [['shop_owner']],
      );
      expect(await roles()).toEqual([]);
    });

    it('stay, locked out, while objects of others depend on theirs', async () => {
      const provider = openProvider(server.port);
      const { handle, credential } = await issued(provider);
      await query(urlOf(credential), 'CREATE TABLE public.depended_on (a int)');
      await query(inShop(), 'CREATE VIEW depending AS SELECT a FROM depended_on');
      await expect(provider.revoke?.(handle, never)).rejects.toMatchObject({ code: 'backend_refused' });
      await expect(query(urlOf(credential), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
      expect(await query(inShop(), 'SELECT count(*)::int FROM depending')).toEqual([[0]]);
      await query(inShop(), 'DROP VIEW depending');
      await provider.revoke?.(handle, never);
      expect(await roles()).toEqual([]);
    });

    it('let nobody in after their end, by the server’s own clock', async () => {
      const provider = openProvider(server.port);
      const { handle, credential } = await issued(provider, request({}, { ttlSeconds: 1 }));
      await query(urlOf(credential), 'SELECT pg_sleep(1.1)');
      await expect(query(urlOf(credential), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
      await provider.revoke?.(handle, never);
    });

    it('are gone after 50 at once were issued and revoked, twice each', async () => {
      const provider = openProvider(server.port);
      const second = openProvider(server.port);
      const all = await Promise.all(Array.from({ length: 50 }, () => issued(provider)));
      expect(new Set(all.map(({ handle }) => handle['role'])).size).toBe(50);
      const undo = all.flatMap(({ handle }) =>
        [provider, second].map(async (one) => one.revoke?.(handle, never)),
      );
      await Promise.all(undo);
      expect(await roles()).toEqual([]);
    });

    it.each([
      ['a superuser', 'boss', 'backend_misconfigured'],
      ['a group with a superuser behind it', 'indirect', 'backend_misconfigured'],
      ['a predefined role that runs programs', 'pg_execute_server_program', 'backend_misconfigured'],
      ['one that makes roles', 'vg admin "quoted"', 'backend_misconfigured'],
      ['one that does not exist', 'nobody"; DROP TABLE orders; --', 'backend_misconfigured'],
    ])('are not made members of %s', async (_, group, code) => {
      const provider = openProvider(server.port);
      const job = request({ memberOf: ['ci_deploy', group] });
      await expect(provider.issue(job, provider.plan(job), never)).rejects.toMatchObject({
        code,
        remedy: expect.any(String),
      });
      expect(await roles()).toEqual([]);
    });

    it('are made for resources and groups with hostile names', async () => {
      const provider = openProvider(server.port);
      const job = request(
        { memberOf: ['hostile"; DROP ROLE ci_deploy; --'] },
        { resource: `x'); DROP ROLE ci_deploy; --"\\\0💥` },
      );
      const { handle } = await issued(provider, job);
      await provider.revoke?.(handle, never);
      expect(await roles()).toEqual([]);
      expect(await query(superuser, "SELECT 1 FROM pg_roles WHERE rolname = 'ci_deploy'")).toEqual([[1]]);
    });

    it('of others are left alone, whatever a handle says', async () => {
      await query(superuser, "CREATE ROLE vg_old_app LOGIN; COMMENT ON ROLE vg_old_app IS 'payroll'");
      const provider = openProvider(server.port);
      const handle = { lease: 'lse_1', role: 'vg_old_app' };
      await expect(provider.revoke?.(handle, never)).rejects.toMatchObject({ code: 'backend_refused' });
      expect(await provider.sweepOrphans?.(() => Promise.resolve(false), never)).toEqual([]);
      expect(await roles()).toEqual([['vg_old_app']]);
      await query(superuser, 'DROP ROLE vg_old_app');
    });

    it('without a live lease are swept, but not those of another installation', async () => {
      const provider = openProvider(server.port);
      const neighbour = openProvider(server.port, {}, contextFor(systemClock, 'https://other.example'));
      const [orphan, live, foreign] = [
        await issued(provider),
        await issued(provider),
        await issued(neighbour),
      ];
      const isLive = (handle: object) => Promise.resolve(inspect(handle) === inspect(live.handle));
      expect(await provider.sweepOrphans?.(isLive, never)).toEqual([orphan.handle['role']]);
      await provider.revoke?.(live.handle, never);
      expect(await roles()).toEqual([[foreign.handle['role']]]);
      await neighbour.revoke?.(foreign.handle, never);
    });

    it('are cancelled with the caller’s time, and leave nothing half made', async () => {
      const provider = openProvider(server.port);
      const job = request();
      const blocker = await connect(superuser);
      await blocker.query('BEGIN; LOCK TABLE pg_authid IN ACCESS EXCLUSIVE MODE');
      const warm = openProvider(server.port);
      const startMs = performance.now();
      await expect(warm.issue(job, warm.plan(job), AbortSignal.timeout(300))).rejects.toMatchObject({
        code: 'backend_unavailable',
      });
      expect(performance.now() - startMs).toBeLessThan(3_000);
      await blocker.query('ROLLBACK');
      await blocker.end();
      await provider.revoke?.(provider.plan(job), never);
      expect(await roles()).toEqual([]);
    });

    it('are refused with what to grant when the administrator may not', async () => {
      await query(superuser, 'ALTER ROLE "vg admin ""quoted""" NOCREATEROLE');
      const provider = openProvider(server.port);
      const job = request();
      await expect(provider.issue(job, provider.plan(job), never)).rejects.toMatchObject({
        code: 'backend_refused',
        remedy: expect.stringContaining('ALTER ROLE "vg admin ""quoted""" CREATEROLE; GRANT "ci_deploy" TO'),
      });
      expect(await provider.check(never)).toEqual([expect.stringContaining('cannot create roles')]);
      await query(superuser, 'ALTER ROLE "vg admin ""quoted""" CREATEROLE');
    });

    it('come with a warning when the clocks differ or the owner is missing', async () => {
      const late: Clock = { nowMs: () => systemClock.nowMs() - 60_000 };
      const provider = openProvider(server.port, { ownerRole: 'nobody_here' }, contextFor(late));
      expect(await provider.check(never)).toEqual([
        expect.stringContaining('nobody_here'),
        expect.stringContaining('60 s ahead of ours'),
      ]);
    });

    it('of a server that was killed in a storm are all swept after its restart', async () => {
      const provider = openProvider(server.port);
      const storm = Array.from({ length: 40 }, () => issued(provider).catch((error: unknown) => error));
      await storm[5];
      await server.kill();
      const results = await Promise.all(storm);
      const failures = results.filter((result) => result instanceof Error);
      expect(failures.length).toBeGreaterThan(0);
      for (const failure of failures) expect(failure).toMatchObject({ code: 'backend_unavailable' });
      await server.restart();
      await provider.sweepOrphans?.(() => Promise.resolve(false), never);
      expect(await roles()).toEqual([]);
      expect(await issued(provider).then(({ handle }) => provider.revoke?.(handle, never))).toBeUndefined();
    });

    it('have passwords that stand in no log of the server, no error and no printing', async () => {
      const provider = openProvider(server.port, { statementTimeoutMs: 4_000 });
      const { handle, credential } = await issued(provider);
      const { password } = credential.values;
      const canary = password instanceof Secret ? password.reveal() : '';
      await query(urlOf(credential), 'SELECT 1');
      const text = `CREATE TABLE x (y text DEFAULT 'z')`;
      await expect(query(urlOf(credential), `${text}; SELECT nothing`)).rejects.toThrow();
      await provider.revoke?.(handle, never);
      const log = readFileSync(server.logFile, 'utf8');
      expect(log.includes(`CREATE ROLE "${String(handle['role'])}"`)).toBe(true);
      expect(canary).toHaveLength(43);
      for (const output of [
        log,
        inspect(credential, { depth: 10 }),
        JSON.stringify(credential),
        JSON.stringify(handle),
      ]) {
        expect(output.includes(canary)).toBe(false);
        expect(output.includes(ADMIN_PASSWORD)).toBe(false);
      }
    });
  },
);
