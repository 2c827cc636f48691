import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogDescription } from '#api/log.ts';
import { systemClock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { silentLogger } from '#core/log.ts';
import { openSqliteStorage } from '#storage/sqlite/open-sqlite-storage.ts';
import { runCommand } from './harness/command.ts';
import { deployToken, exchange } from './harness/job.ts';
import { openSite, type Site } from './harness/site.ts';
import { eventually } from './harness/wait.ts';

const DAY_MS = 86_400_000;
const OLD = 600;
/** Two turns of the timer, and the sealing in between. */
const PRUNED_MS = 60_000;

/** The record of a server that has been running for long. */
async function recordOldEvents(dataFolder: string): Promise<void> {
  await mkdir(dataFolder, { mode: 0o700 });
  const path = join(dataFolder, 'vouchgate.db');
  const storage = await openSqliteStorage({ path, log: silentLogger, clock: systemClock });
  const timeMs = systemClock.nowMs() - 60 * DAY_MS;
  await storage.events.append(
    Array.from({ length: OLD }, (_, at) => ({
      id: newId('evt', { nowMs: () => timeMs + at }),
      timeMs: timeMs + at,
      type: 'lease.revoked',
      actor: { kind: 'server', id: 's' },
      body: { at, sourceIp: '203.0.113.7' },
    })),
  );
  await storage.close();
}

describe('a log that is kept for thirty days and signed with two keys', { timeout: 150_000 }, () => {
  let site: Site;
  let owner: Record<string, string>;
  let keys: { ed25519: string; postQuantum: string };

  beforeAll(async () => {
    site = await openSite();
    await recordOldEvents(site.dataFolder);
    await site.writeConfiguration(
      'vouchgate.yaml',
      `${site.yaml}log:\n  retention: 30d\n  postQuantum: true\n`,
    );
    const server = await site.start();
    owner = { HOME: site.home, VOUCHGATE_URL: site.url };
    expect(await runCommand(['login', server.adminLink?.reveal() ?? ''], owner)).toMatchObject({ code: 0 });
    const keyOf = async (...options: string[]) =>
      (await runCommand(['audit', 'key', ...options], owner)).stdout.trim();
    keys = { ed25519: await keyOf(), postQuantum: await keyOf('--post-quantum') };
    const outcome = await exchange(site, { resource: 'partner-api', token: deployToken(site) });
    expect(outcome.issued).toBeDefined();
    const described = await eventually('the log is pruned', PRUNED_MS, async () => {
      const { minimum_index, retention_seconds } = LogDescription.parse(
        await (await fetch(`${site.url}/v1/log`)).json(),
      );
      return minimum_index === 0 ? undefined : { minimum_index, retention_seconds };
    });
    expect(described).toEqual({ minimum_index: 512, retention_seconds: 30 * 86_400 });
  }, 120_000);
  afterAll(() => site?.close(), 30_000);

  it('is whole by either key, and says what was removed', async () => {
    for (const key of [keys.ed25519, keys.postQuantum]) {
      const verified = await runCommand(['audit', 'verify', '--key', key], owner);
      expect(verified).toMatchObject({ code: 0, stderr: '' });
      expect(verified.stdout).toContain('Entries 0 to 511 were removed');
      expect(verified.stdout).toContain('The log is whole');
    }
    const entries = await fetch(`${site.url}/log/tile/entries/001`);
    expect(entries.status).toBe(404);
    expect((await fetch(`${site.url}/log/tile/0/001`)).status).toBe(200);
    const listed = await runCommand(['audit', 'list', '--type', 'log.pruned'], owner);
    expect(listed.stdout).toContain('removed');
  });

  it('gives receipts that hold by the key that no quantum computer breaks', async () => {
    const [outcome, file] = [
      await exchange(site, { resource: 'partner-api', token: deployToken(site) }),
      join(site.home, 'receipt.json'),
    ];
    const decision = outcome.issued?.decision ?? '';
    expect(await runCommand(['audit', 'prove', decision, '--output', file], owner)).toMatchObject({
      code: 0,
    });
    const stranger = { HOME: join(site.home, 'nobody') };
    const verified = await runCommand(['audit', 'verify', file, '--key', keys.postQuantum], stranger);
    expect(verified).toMatchObject({ code: 0, stderr: '' });
    const forged = (await readFile(file, 'utf8')).replaceAll('partner-api', 'another-api');
    await writeFile(file, forged);
    expect((await runCommand(['audit', 'verify', file, '--key', keys.postQuantum], stranger)).code).toBe(1);
  });

  it('is exported without what was removed, and no more can be left out than that', async () => {
    const folder = join(site.home, 'export');
    const exported = await runCommand(['audit', 'export', folder, '--format', 'json'], owner);
    expect(exported).toMatchObject({ code: 0 });
    expect(JSON.parse(exported.stdout)).toMatchObject({ minimumIndex: 512, eventsGone: 0 });
    const auditor = { HOME: join(site.home, 'auditor') };
    const verify = () =>
      runCommand(['audit', 'verify', folder, '--key', keys.ed25519, '--format', 'json'], auditor);
    const whole = await verify();
    expect(whole.code).toBe(0);
    expect(JSON.parse(whole.stdout)).toMatchObject({
      whole: true,
      minimumIndex: 512,
      events: { faultsAll: 0 },
    });

    const retention = join(folder, 'retention.json');
    await writeFile(retention, '{"minimumIndex":256}');
    expect(JSON.parse((await verify()).stdout)).toMatchObject({ fault: { code: 'entries_missing' } });
    await writeFile(retention, '{"minimumIndex":512}');
    const events = join(folder, 'events.ndjson');
    const lines = (await readFile(events, 'utf8')).split('\n').filter((line) => !line.includes('log.pruned'));
    await writeFile(events, lines.join('\n'));
    const hidden = await verify();
    expect(hidden.code).toBe(1);
    expect(JSON.parse(hidden.stdout)).toMatchObject({ whole: true, events: { faultsAll: 2 } });
  });
});
