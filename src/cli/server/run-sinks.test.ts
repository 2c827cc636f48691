import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createNoteSigner } from '#audit/log/note-key.ts';
import { makeEvent, ORIGIN } from '#audit/outbox/delivery.fake.ts';
import { sink as fileSink } from '#audit/sinks/file/sink.ts';
import { failed, type SinkKind } from '#audit/sinks/sink.ts';
import type { Configuration } from '#broker/configuration/configuration.ts';
import { SinkCommon } from '#broker/configuration/sinks-section.ts';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { Storage } from '#storage/storage.ts';
import { createSinkRunner } from './run-sinks.ts';
import { createLogSealing } from './seal-log.ts';

let folder: string;
let storage: Storage;
let time: { nowMs: number };
const recorded: string[] = [];
const signer = createNoteSigner(ORIGIN, 'ed25519', generateKeyPairSync('ed25519').privateKey);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vouchgate-runner-'));
  storage = openMemoryStorage();
  time = { nowMs: 1_800_000_000_000 };
  recorded.length = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function configurationWith(file: string, common: object = {}): Configuration {
  const settings = fileSink.settings.parse({ path: join(folder, file) });
  const sinks = [{ name: 'files', kind: fileSink, common: SinkCommon.parse(common), settings }];
  // The runner looks at nothing else of a configuration.
  const part: Partial<Configuration> = { sinks, allowPrivateHosts: [] };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the rest is never read
  return part as Configuration;
}

function openRunner(configuration: () => Configuration | undefined) {
  return createSinkRunner({
    storage,
    manager: { configuration },
    origin: ORIGIN,
    openFetch: () => ({ fetch: () => Promise.reject(new Error('no network')), close: async () => {} }),
    resolveSecret: async () => new Secret(''),
    record: async (type) => {
      recorded.push(type);
    },
    clock: { nowMs: () => time.nowMs },
    log: silentLogger,
  });
}

async function recordEvents(from: number, count: number): Promise<void> {
  const seal = createLogSealing(storage, signer, { nowMs: () => time.nowMs });
  await storage.events.append(
    Array.from({ length: count }, (_, at) => {
      const { sequence: _sequence, ...event } = makeEvent(from + at);
      return event;
    }),
  );
  time.nowMs += 10_000;
  await seal();
}

async function linesOf(file: string): Promise<number[]> {
  const text = await readFile(join(folder, file), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { vouchgate: { index: number } }).vouchgate.index);
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

describe('the sinks of a server', () => {
  it('get what is recorded, from the beginning of the log on', async () => {
    const configuration = configurationWith('a');
    const runner = openRunner(() => configuration);
    await recordEvents(0, 30);
    await runner.tick();
    await expect.poll(() => linesOf('a')).toEqual(upTo(30));
    await recordEvents(30, 5);
    await runner.tick();
    await expect.poll(() => linesOf('a')).toEqual(upTo(35));
    await runner.close();
  });

  it('begin with what comes when they are told to', async () => {
    await recordEvents(0, 30);
    const configuration = configurationWith('a', { start: 'now' });
    const runner = openRunner(() => configuration);
    await runner.tick();
    await recordEvents(30, 3);
    await runner.tick();
    await expect.poll(() => linesOf('a')).toEqual([30, 31, 32]);
    await runner.close();
  });

  it('go on from where they were when their settings change', async () => {
    let configuration = configurationWith('a');
    const runner = openRunner(() => configuration);
    await recordEvents(0, 10);
    await runner.tick();
    await expect.poll(() => linesOf('a')).toEqual(upTo(10));
    configuration = configurationWith('b');
    await recordEvents(10, 10);
    await runner.tick();
    await expect.poll(() => linesOf('b')).toEqual(upTo(20).slice(10));
    expect(await linesOf('a')).toEqual(upTo(10));
    await runner.close();
  });

  it('are worked on by one server, and by another one once that is gone', async () => {
    const configuration = configurationWith('a');
    const [one, two] = [openRunner(() => configuration), openRunner(() => configuration)];
    await recordEvents(0, 10);
    await one.tick();
    await two.tick();
    await expect.poll(() => linesOf('a')).toEqual(upTo(10));
    await one.close();
    await recordEvents(10, 10);
    await two.tick();
    expect(await linesOf('a')).toEqual(upTo(10));
    time.nowMs += 16_000;
    await two.tick();
    await expect.poll(() => linesOf('a')).toEqual(upTo(20));
    await two.close();
  });

  it('are left alone when they leave the configuration', async () => {
    let configuration: Configuration | undefined = configurationWith('a');
    const runner = openRunner(() => configuration);
    await recordEvents(0, 3);
    await runner.tick();
    await expect.poll(() => linesOf('a')).toEqual(upTo(3));
    configuration = { ...configuration, sinks: [] };
    await runner.tick();
    await recordEvents(3, 3);
    await runner.tick();
    await runner.close();
    expect(await linesOf('a')).toEqual(upTo(3));
  });

  it('do not wait for one that never answers, and neither does the end of the server', async () => {
    const aborted: boolean[] = [];
    const hanging: SinkKind = {
      ...fileSink,
      id: 'hanging',
      settings: z.object({}),
      open: async () => ({
        send: (_batch, signal) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              aborted.push(true);
              resolve(failed({ kind: 'retry', code: 'test_aborted', message: 'the server stops' }));
            });
          }),
        close: async () => {},
      }),
    };
    const configuration = configurationWith('a');
    const stuck = { name: 'stuck', kind: hanging, common: SinkCommon.parse({}), settings: {} };
    const both = { ...configuration, sinks: [stuck, ...configuration.sinks] };
    const runner = openRunner(() => both);
    for (let round = 0; round < 3; round += 1) {
      await recordEvents(round * 10, 10);
      await runner.tick();
      await expect.poll(() => linesOf('a')).toEqual(upTo(round * 10 + 10));
    }
    expect((await storage.sinks.find('stuck'))?.nextIndex).toBe(0);
    const started = performance.now();
    await runner.close();
    expect(performance.now() - started).toBeLessThan(8_000);
    expect(aborted).toEqual([true]);
  }, 20_000);

  it('leave a trace in the record when they go down', async () => {
    // A folder stands where the file should be: nothing that passes by itself.
    const configuration = configurationWith('.');
    const runner = openRunner(() => configuration);
    await recordEvents(0, 3);
    await runner.tick();
    await expect.poll(() => recorded).toEqual(['sink.down']);
    await runner.close();
  });
});
