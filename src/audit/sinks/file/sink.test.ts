import { appendFile, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { toDocument } from '../../mapping/document.ts';
import { ORIGIN } from '../../outbox/delivery.fake.ts';
import { openProvenLog, type ProvenLog } from '../proven-log.fake.ts';
import type { Sink, SinkContext } from '../sink.ts';
import { sink } from './sink.ts';

const COUNT = 40;
const context: SinkContext = {
  clock: { nowMs: () => 1_800_000_000_000 },
  log: silentLogger,
  fetch: () => Promise.reject(new Error('a file needs no network')),
  allowPrivateHosts: [],
  resolveSecret: async () => new Secret(''),
  sleep: async () => {},
};

let folder: string;
let path: string;
let log: ProvenLog;
let opened: Sink;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vouchgate-sink-'));
  path = join(folder, 'out', 'events.ndjson');
  log = await openProvenLog(COUNT, () => ({ body: { text: 'x'.repeat(60_000) } }));
  opened = await sink.open(settings(), context);
});
afterEach(async () => {
  await opened.close();
  await rm(folder, { recursive: true, force: true });
});

const settings = () => sink.settings.parse({ path, rotateAtMegabytes: 1 });
const batchOf = (from: number, until: number) => ({
  origin: ORIGIN,
  checkpoint: undefined,
  documents: log.events.slice(from, until).map((event, at) => {
    const index = from + at;
    const text = JSON.stringify(toDocument('vouchgate', event, { origin: ORIGIN, index }));
    return { event, index, text, bytes: text.length };
  }),
});
const send = (from: number, until: number) => opened.send(batchOf(from, until), new AbortController().signal);
const read = () =>
  log.compare(sink.readCopy?.(settings(), context, { from: 0, until: COUNT }) ?? (async function* () {})());

describe('sink file', () => {
  it('has every event, over as many files as it takes, and none is written over', async () => {
    for (let at = 0; at < COUNT; at += 10)
      expect(await send(at, at + 10)).toEqual({ settled: 10, rejected: [] });
    expect((await readdir(join(folder, 'out'))).toSorted()).toEqual(['events.ndjson', 'events.ndjson.1']);
    expect(await read()).toMatchObject({ proven: COUNT, duplicates: 0, faultsAll: 0 });
  });

  it('removes the piece of a line that a crash has left, and goes on behind the last whole one', async () => {
    await send(0, 10);
    await opened.close();
    await appendFile(path, '{"@timestamp":"2027-01-');
    opened = await sink.open(settings(), context);
    await send(10, 40);
    expect(await read()).toMatchObject({ proven: COUNT, faultsAll: 0 });
  });

  it('empties a file that is nothing but a piece of a line, however long', async () => {
    await send(0, 1);
    await opened.close();
    await writeFile(path, 'y'.repeat(300_000));
    opened = await sink.open(settings(), context);
    await send(0, 40);
    expect((await readFile(path, 'utf8')).startsWith('{')).toBe(true);
    expect(await read()).toMatchObject({ proven: COUNT, faultsAll: 0 });
  });

  it('goes on in a new file when somebody else moved the old one away', async () => {
    await send(0, 5);
    await rename(path, `${path}.7`);
    await send(5, 40);
    expect(await read()).toMatchObject({ proven: COUNT, faultsAll: 0 });
  });

  it.skipIf(process.platform === 'win32')('does not follow a link that was put in its place', async () => {
    await send(0, 1);
    await opened.close();
    const target = join(folder, 'target');
    await writeFile(target, 'theirs\n');
    await rm(path);
    await symlink(target, path);
    const result = await send(0, 5);
    expect(result).toMatchObject({ settled: 0, trouble: { kind: 'refused', code: 'file_eloop' } });
    expect(await readFile(target, 'utf8')).toBe('theirs\n');
  });

  it('finds lines that were changed, taken out and put in', async () => {
    await send(0, 10);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    lines[2] = (lines[2] ?? '').replace('"no_permit"', '"x"').replace('shop-db', 'shop-dx');
    lines.splice(5, 1);
    lines.push('free text');
    await writeFile(path, `${lines.join('\n')}\n`);
    const found = await read();
    const named = found.faults.filter(({ index }) => index === undefined || index < 10);
    expect(named.map(({ index, problem }) => [index, problem])).toEqual([
      [2, 'altered'],
      [5, 'deleted'],
      [undefined, 'added'],
    ]);
  });
});
