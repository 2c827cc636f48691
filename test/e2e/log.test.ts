import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignedCheckpoint } from '#audit/log/checkpoint.ts';
import type { LocalPostgres } from '#cli/local-postgres/start-local-postgres.ts';
import { githubJob, runCommand } from './harness/command.ts';
import { deployToken, exchange } from './harness/job.ts';
import { readLog } from './harness/log.ts';
import { logIn, type Person } from './harness/person.ts';
import type { ServerProcess } from './harness/server-process.ts';
import {
  createStoreDatabase,
  postgresBinaries,
  postgresNote,
  startPostgres,
} from './harness/shop-database.ts';
import { openSite, type Site } from './harness/site.ts';
import { eventually, forEachParallel } from './harness/wait.ts';

const EXCHANGES = 300;
const TAKEOVER_MS = 10_000;

async function exchangeMany(site: Site, count: number, serverUrl = site.url): Promise<string[]> {
  const decisions: string[] = [];
  await forEachParallel(Array.from({ length: count }), 8, async () => {
    const outcome = await exchange(site, { resource: 'partner-api', token: deployToken(site), serverUrl });
    if (outcome.issued !== undefined) decisions.push(outcome.issued.decision);
  });
  return decisions;
}

describe('the record that anybody can check, by the command line', { timeout: 90_000 }, () => {
  let site: Site;
  let server: ServerProcess;
  let owner: Record<string, string>;
  let person: Person;
  let key: string;

  beforeAll(async () => {
    site = await openSite();
    server = await site.start();
    owner = { HOME: site.home, VOUCHGATE_URL: site.url };
    expect(await runCommand(['login', server.adminLink?.reveal() ?? ''], owner)).toMatchObject({ code: 0 });
    expect(await exchangeMany(site, EXCHANGES)).toHaveLength(EXCHANGES);
    key = (await runCommand(['audit', 'key'], owner)).stdout.trim();
    expect(key).toContain('/log+');
    server = await restart();
    person = await logInAgain();
  }, 90_000);
  afterAll(() => site?.close(), 30_000);

  const restart = async () => {
    await server.stop();
    return site.start({ adminLink: true });
  };
  const logInAgain = async () => logIn(server);

  it('is found to be whole, and remembered, so that a later look sees that it only grew', async () => {
    const first = await runCommand(['audit', 'verify'], owner);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('The log is whole');
    expect(first.stdout).toContain('The key came from the server itself');
    await exchangeMany(site, 5);
    const second = await runCommand(['audit', 'verify', '--key', key], owner);
    expect(second.code).toBe(0);
    expect(second.stdout).toMatch(/goes on from \d+ entries/);
  });

  it('gives a receipt for a decision, which holds without the server and not when it is changed', async () => {
    const [decision = ''] = await exchangeMany(site, 1);
    const file = join(site.home, 'receipt.json');
    const link = (await person.events({ decision })).map(({ id }) => id);
    expect(link.length).toBeGreaterThan(0);
    expect(await runCommand(['audit', 'prove', decision, '--output', file], owner)).toMatchObject({
      code: 0,
    });
    const stranger = { HOME: join(site.home, 'nobody') };
    const verified = await runCommand(['audit', 'verify', file, '--key', key], stranger);
    expect(verified).toMatchObject({ code: 0, stderr: '' });
    expect(verified.stdout).toContain('decision.issued');
    const withoutKey = await runCommand(['audit', 'verify', file], stranger);
    expect(withoutKey).toMatchObject({ code: 2 });
    expect(withoutKey.stderr).toContain('there is no key');
    const forged = join(site.home, 'forged.json');
    writeFileSync(forged, readFileSync(file, 'utf8').replaceAll('partner-api', 'another-api'));
    const refused = await runCommand(['audit', 'verify', forged, '--key', key], stranger);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stdout).toContain('lasting_part_differs');
  });

  it('hands the proof to the job itself, granted or denied', async () => {
    const granted = join(site.home, 'granted.json');
    const job = ['run', '--resource', 'partner-api', '--receipt', granted, '--', process.execPath, '-e', ''];
    expect(await runCommand(job, githubJob(site))).toMatchObject({ code: 0 });
    const verified = await runCommand(['audit', 'verify', granted, '--key', key], { HOME: site.home });
    expect(verified.code).toBe(0);
    expect(verified.stdout).toContain('decision.issued');

    const denied = join(site.home, 'denied.json');
    const refused = [...job.slice(0, 4), denied, ...job.slice(5)];
    const stranger = githubJob(site, { ref: 'refs/heads/other' });
    expect((await runCommand(refused, stranger)).code).toBe(123);
    const proof = await runCommand(['audit', 'verify', denied, '--key', key, '--format', 'json'], {
      HOME: site.home,
    });
    expect(proof.code).toBe(0);
    expect(proof.stdout).toContain('decision.denied');
  });

  it('is exported for an auditor, who finds out what was changed in the store afterwards', async () => {
    const folder = join(site.home, 'export');
    expect(await runCommand(['audit', 'export', folder], owner)).toMatchObject({ code: 0 });
    const auditor = { HOME: join(site.home, 'auditor') };
    const whole = await runCommand(['audit', 'verify', folder, '--key', key], auditor);
    expect(whole.stdout).toMatch(/All \d+ events are as they were recorded/);
    expect(whole.code).toBe(0);

    await server.stop();
    const [file = ''] = readdirSync(site.dataFolder).filter(
      (name) => name.endsWith('.db') || name.endsWith('.sqlite'),
    );
    const store = new DatabaseSync(join(site.dataFolder, file));
    store.exec(`UPDATE event SET event = replace(event, 'partner-api', 'other-api') WHERE sequence = 20`);
    store.exec('DELETE FROM event WHERE sequence = 21');
    store.close();
    server = await site.start({ adminLink: true });
    expect(await runCommand(['login', server.adminLink?.reveal() ?? ''], owner)).toMatchObject({ code: 0 });
    const tampered = join(site.home, 'tampered');
    expect(await runCommand(['audit', 'export', tampered], owner)).toMatchObject({ code: 1 });
    const found = await runCommand(['audit', 'verify', tampered, '--key', key, '--format', 'json'], auditor);
    expect(found.code).toBe(1);
    expect(JSON.parse(found.stdout)).toMatchObject({
      whole: true,
      events: { faults: [{ problem: 'altered' }, { problem: 'missing' }], faultsAll: 2 },
    });
  });
});

describe.skipIf(postgresBinaries === undefined)(
  `one log of several servers (${postgresNote})`,
  { timeout: 120_000 },
  () => {
    let postgres: LocalPostgres;
    let site: Site;
    beforeAll(async () => {
      postgres = await startPostgres();
      site = await openSite({ database: await createStoreDatabase(postgres, 'log_store') });
    }, 60_000);
    afterAll(async () => {
      await site?.close();
      await postgres?.stop();
    }, 30_000);

    it('is sealed by another when the one that seals is killed, and never forks', async () => {
      const servers = [
        await site.start(),
        await site.start({ beside: true }),
        await site.start({ beside: true }),
      ];
      const decisions: string[] = [];
      let earlier: SignedCheckpoint | undefined;
      const person = await logIn(servers[0] ?? (await site.start()));
      for (const victim of servers.slice(0, 2)) {
        const alive = servers.slice(servers.indexOf(victim));
        const storms = alive.map((each) => exchangeMany(site, 60, each.url).catch(() => []));
        decisions.push(...(await Promise.all(storms)).flat());
        if (victim === servers[0]) expect((await person.events()).length).toBeGreaterThan(decisions.length);
        await victim.crash();
        const survivor = servers[servers.indexOf(victim) + 1];
        const more = await exchangeMany(site, 20, survivor?.url);
        decisions.push(...more);
        const wanted = decisions.length;
        const log = await eventually('another server has sealed', TAKEOVER_MS, async () => {
          const read = await readLog(survivor?.url ?? '', earlier);
          return read.ids.length > wanted ? read : undefined;
        });
        expect(new Set(log.ids).size).toBe(log.ids.length);
        earlier = log.signed;
      }
      const last = servers[2];
      const survivor = last === undefined ? undefined : await readLog(last.url, earlier);
      expect(survivor?.ids.length).toBeGreaterThanOrEqual(decisions.length);
    });
  },
);
