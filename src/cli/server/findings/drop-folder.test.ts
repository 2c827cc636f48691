import { link, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { StoreError } from '#core/store-error.ts';
import { readReport } from '#findings/read-report.ts';
import type { FindingStore } from '#findings/tracking/ports.ts';
import { defaultTrackingSettings } from '#findings/tracking/settings.ts';
import { createFindingTracker } from '#findings/tracking/tracker.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import { createDropFolder } from './drop-folder.ts';

const REPORT = JSON.stringify({
  version: '2.1.0',
  runs: [{ tool: { driver: { name: 'AcmeScan' } }, results: [{ ruleId: 'r', message: { text: 'bad' } }] }],
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'vouchgate-drop-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, text: string = REPORT): Promise<string> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

function open() {
  const store = openMemoryStorage().findings;
  const tracker = createFindingTracker({
    store,
    clock: systemClock,
    settings: () => defaultTrackingSettings,
  });
  const take = createDropFolder({
    tracker,
    readReport: async (name, bytes) => {
      const { report, importer } = readReport(name, Buffer.from(bytes));
      return { report, kinds: importer.kinds };
    },
    clock: systemClock,
    log: silentLogger,
    server: 'here',
  });
  return { store, take: () => take(folder) };
}

const filesIn = async (name: string) =>
  (await readdir(path.join(folder, name), { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replace(/\w{8}-/, ''))
    .sort();

describe('a drop folder', () => {
  it('takes a report when it has not changed since the last look, and moves it', async () => {
    const { store, take } = open();
    await put('acme/shop/branch=release%2F1/a.sarif');
    await take();
    expect(await store.reports('acme/shop', 10)).toEqual([]);
    await take();
    expect(await store.reports('acme/shop', 10)).toMatchObject([
      { name: 'a.sarif', by: 'here', counts: [{ new: 1, scope: { target: 'branch=release/1' } }] },
    ]);
    expect(await filesIn('done')).toEqual(['done/acme/shop/branch=release%2F1/a.sarif']);
    expect(await filesIn('acme')).toEqual([]);
    expect(await filesIn('.taken')).toEqual([]);
    await take();
    await take();
    expect(await store.reports('acme/shop', 10)).toHaveLength(1);
  });

  it('waits for what is still being written', async () => {
    const { store, take } = open();
    await put('acme/shop/a.sarif', REPORT.slice(0, 20));
    await put('acme/shop/b.sarif.part');
    await put('acme/shop/.c.sarif');
    await take();
    await put('acme/shop/a.sarif');
    await take();
    expect(await store.reports('acme/shop', 10)).toEqual([]);
    await take();
    expect(await store.reports('acme/shop', 10)).toHaveLength(1);
    await take();
    expect(await filesIn('acme')).toEqual(['acme/shop/.c.sarif', 'acme/shop/b.sarif.part']);
  });

  it('says beside a report why it could not be taken', async () => {
    const { take } = open();
    await put('acme/shop/a.json', '{"neither": "nor"}');
    await put('b.sarif');
    await take();
    await take();
    expect(await filesIn('failed')).toEqual([
      'failed/acme/shop/a.json',
      'failed/acme/shop/a.json.reason.txt',
      'failed/b.sarif',
      'failed/b.sarif.reason.txt',
    ]);
    const [reason = ''] = (await readdir(path.join(folder, 'failed'))).filter((name) =>
      name.endsWith('.txt'),
    );
    expect(await readFile(path.join(folder, 'failed', reason), 'utf8')).toMatch(
      /^report_refused: .*\nPut it into/,
    );
  });

  it('keeps a report for later when the store does not answer', async () => {
    const { store, take } = open();
    const failing: FindingStore = {
      ...store,
      commit: async () => {
        throw new StoreError('store_unavailable', 'the database is down');
      },
    };
    const tracker = createFindingTracker({
      store: failing,
      clock: systemClock,
      settings: () => defaultTrackingSettings,
    });
    const down = createDropFolder({
      tracker,
      readReport: async (name, bytes) => {
        const { report, importer } = readReport(name, Buffer.from(bytes));
        return { report, kinds: importer.kinds };
      },
      clock: systemClock,
      log: silentLogger,
      server: 'here',
    });
    await put('acme/shop/a.sarif');
    await down(folder);
    await down(folder);
    expect(await filesIn('failed')).toEqual([]);
    expect(await filesIn('acme')).toEqual(['acme/shop/a.sarif']);
    expect(await filesIn('.taken')).toEqual([]);
    await take();
    await take();
    expect(await store.reports('acme/shop', 10)).toHaveLength(1);
  });

  it('follows no link', async () => {
    const { store, take } = open();
    const outside = await mkdtemp(path.join(tmpdir(), 'vouchgate-outside-'));
    await writeFile(path.join(outside, 'secret.sarif'), REPORT);
    await mkdir(path.join(folder, 'acme/shop'), { recursive: true });
    await symlink(path.join(outside, 'secret.sarif'), path.join(folder, 'acme/shop/a.sarif'));
    await symlink(outside, path.join(folder, 'acme/linked'));
    await link(path.join(outside, 'secret.sarif'), path.join(folder, 'acme/shop/hard.sarif'));
    await take();
    await take();
    expect(await store.counts({}, 0)).toEqual([]);
    expect(await filesIn('failed')).toEqual([
      'failed/acme/shop/hard.sarif',
      'failed/acme/shop/hard.sarif.reason.txt',
    ]);
    expect(await readFile(path.join(outside, 'secret.sarif'), 'utf8')).toBe(REPORT);
    await rm(outside, { recursive: true });
  });

  it('is shared by servers: one takes each report, and what one left behind another takes up', async () => {
    const [first, second] = [open(), open()];
    for (let index = 0; index < 10; index += 1) await put(`acme/shop/part=${index}/a.sarif`);
    await Promise.all([first.take(), second.take()]);
    await Promise.all([first.take(), second.take()]);
    const reports = await Promise.all([first, second].map(({ store }) => store.reports('acme/shop', 100)));
    expect(reports.flat()).toHaveLength(10);

    const left = await put('.taken/0123/a.sarif');
    await writeFile(path.join(path.dirname(left), '.origin'), '../../acme/other/a.sarif');
    await first.take();
    expect(await filesIn('.taken')).toHaveLength(2);
    const old = new Date(Date.now() - 3_600_000);
    await utimes(path.dirname(left), old, old);
    await first.take();
    await first.take();
    expect(await filesIn('.taken')).toEqual([]);
    expect(await first.store.reports('acme/other', 10)).toHaveLength(1);
  });

  it('that is not there is no error', async () => {
    await rm(folder, { recursive: true });
    await expect(open().take()).resolves.toBe(undefined);
  });
});
