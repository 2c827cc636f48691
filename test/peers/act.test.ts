import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalPostgres } from '#cli/local-postgres/start-local-postgres.ts';
import { githubActionsClaims } from '#identity/emulator/development-issuer.ts';
import { logIn, type Person } from '../e2e/harness/person.ts';
import { startServerProcess, type ServerProcess } from '../e2e/harness/server-process.ts';
import { openShop, startPostgres, type ShopDatabase } from '../e2e/harness/shop-database.ts';
import { openSite, type Site } from '../e2e/harness/site.ts';
import { installAct } from './act/install-act.ts';
import {
  prepareBench,
  readTree,
  runJob,
  type Bench,
  type JobOptions,
  type JobResult,
} from './act/run-act.ts';
import { tapWire, type Wiretap } from './act/wiretap.ts';

const act = installAct();
const note = 'missing' in act ? `SKIPPED: ${act.missing}` : 'real runner, real server, real PostgreSQL';
const PUSH = { ref: 'refs/heads/main', event_name: 'push', environment: 'production' };
const PULL_REQUEST = {
  sub: 'repo:acme@123456/shop@456789:environment:production',
  ref: 'refs/pull/7/merge',
  ref_type: 'branch',
  ref_protected: 'false',
  event_name: 'pull_request',
  base_ref: 'main',
  head_ref: 'cheaper-teapots',
};

describe.skipIf('missing' in act)(`a workflow run by act (${note})`, () => {
  let folder: string;
  let postgres: LocalPostgres;
  let shop: ShopDatabase;
  let site: Site;
  let server: ServerProcess;
  let wiretap: Wiretap;
  let person: Person;
  let bench: Bench;
  const requestTokens: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vouchgate-act-'));
    postgres = await startPostgres();
    shop = await openShop(postgres, '5m');
    site = await openSite({ shop });
    server = await startServerProcess({
      args: ['--config', site.configFolder, '--data', site.dataFolder, '--listen', '127.0.0.1:0'],
      env: { SHOP_ADMIN_PASSWORD: shop.adminPassword.reveal() },
    });
    wiretap = await tapWire(Number(new URL(site.url).port), server.url);
    person = await logIn(server);
    bench = await prepareBench(folder);
  });
  afterAll(async () => {
    await wiretap?.close();
    await server?.stop();
    await site?.close();
    await shop?.stop();
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(job: JobOptions['job'], event: JobOptions['event'], masked = true): Promise<JobResult> {
    const claims = githubActionsClaims(event === 'push' ? PUSH : PULL_REQUEST);
    const platform = site.issuer.registerJob({ platform: 'github-actions', claims });
    requestTokens.push(platform.requestToken);
    const path = 'path' in act ? act.path : '';
    return runJob({ act: path, bench, event, job, serverUrl: site.url, platform, masked });
  }

  /** Everything that somebody could do something with; the administrator's password never came near the job. */
  function secrets(): string[] {
    const plain = [
      ...wiretap.secrets(),
      ...requestTokens,
      shop.adminPassword.reveal(),
      postgres.url.reveal(),
    ];
    return plain.flatMap((secret) => [secret, Buffer.from(secret).toString('base64')]);
  }

  function expectNoSecret(text: string, where: string): void {
    const found = secrets().filter((secret) => text.includes(secret));
    expect(found.length, `${where} holds ${found.length} secrets`).toBe(0);
    expect(text, where).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}|vgt_[\w-]{20,}/u);
  }

  async function expectNothingLeft(): Promise<void> {
    expect(await shop.roles()).toEqual([]);
    expect((await person.leases()).filter(({ state }) => state !== 'revoked')).toEqual([]);
  }

  it('reads a row by the action, hides what it was given, and revokes it in the post step', async () => {
    const { code, log } = await run('by-action', 'push');
    expect(code, log).toBe(0);
    expect(log).toMatch(/shop-db: issued for 5 min \(dec_\w+\)/u);
    expect(log).toMatch(/row: teapot for 24\.90 euros, read as vg_shop_db_/u);
    expect(log).toContain('the password is [***]');
    expect(log).toMatch(/shop-db: revoked \(lse_\w+\)/u);
    // A password and a lease token at least: an empty list would find nothing anywhere.
    expect(wiretap.secrets().size).toBeGreaterThanOrEqual(4);
    expectNoSecret(log, 'the log');
    await expectNothingLeft();
    expect(await person.events({ type: 'lease.revoked' })).toHaveLength(1);
  });

  it('reads a row by `vouchgate run`, and leaves nothing to the next step', async () => {
    const { code, log } = await run('by-command', 'push');
    expect(code, log).toBe(0);
    expect(log).toMatch(/row: teapot for 24\.90 euros, read as vg_shop_db_/u);
    expect(log).toContain('the password is [***]');
    expectNoSecret(log, 'the log');
    await expectNothingLeft();
    expect(await person.events({ type: 'lease.revoked' })).toHaveLength(3);
  });

  it.each(['by-action', 'by-command'] as const)(
    'refuses a pull request %s, and says why in the log',
    async (job) => {
      const { code, log } = await run(job, 'pull_request');
      expect(code).not.toBe(0);
      expect(log).toContain('[no_permit]');
      expect(log).toMatch(/principal\.ref\.full +refs\/heads\/main +refs\/pull\/7\/merge/u);
      expect(log).toMatch(/principal\.trigger +push +pull_request/u);
      expect(log).toMatch(/vouchgate explain dec_\w+/u);
      expect(log).not.toContain('row: teapot');
      expectNoSecret(log, 'the log');
      await expectNothingLeft();
    },
  );

  it('would find the secrets in the log of a runner that does not hide them', async () => {
    const { code, log } = await run('by-action', 'push', false);
    expect(code, log).toBe(0);
    expect(() => expectNoSecret(log, 'the log')).toThrow(/the log holds [1-9]\d* secrets/u);
    await expectNothingLeft();
  });

  it('leaves no secret in the repository, on the runner, or in the log of the server', async () => {
    for (const { path, text } of await readTree(folder)) expectNoSecret(text, path);
    expectNoSecret(server.stdout() + server.stderr(), 'the log of the server');
  });
});
