import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PruningStep } from '#audit/log/ports.ts';
import type { Storage } from '../storage.ts';
import { makeEvent, type OpenHarness, START_MS, type StorageHarness } from './fixtures.ts';

const BUNDLE = 256;

/** Events in the record and the same in the log: as many bundles of 256, with sequences from 1 on. */
async function fill(storage: Storage, bundles: number): Promise<void> {
  await storage.events.append(Array.from({ length: bundles * BUNDLE }, () => makeEvent()));
  await growTo(storage, 0, bundles * BUNDLE);
}

async function growTo({ log }: Storage, fromSize: number, size: number): Promise<void> {
  const first = Math.floor(fromSize / BUNDLE);
  const count = Math.ceil(size / BUNDLE) - first;
  const grown = await log.grow({
    fromSize,
    head: { size, lastSequence: size, checkpoint: `${size}\n`, signedAtMs: START_MS, erasures: 0 },
    tiles: Array.from({ length: count }, (_, at) => ({
      address: { level: 0, number: first + at, width: BUNDLE },
      hashes: [Buffer.alloc(32 * BUNDLE, first + at)],
    })),
    bundles: Array.from({ length: count }, (_, at) => {
      const from = (first + at) * BUNDLE;
      const width = Math.min(BUNDLE, size - from);
      return {
        number: first + at,
        entries: Buffer.alloc(10, first + at),
        sequences: Array.from({ length: width }, (_each, offset) => from + offset + 1),
        salts: Buffer.alloc(32 * width, 7),
      };
    }),
  });
  expect(grown).toBe(true);
}

export function describeLogRetention(open: OpenHarness): void {
  describe('pruning of the log', () => {
    let harness: StorageHarness;
    let storage: Storage;
    beforeEach(async () => {
      harness = await open();
      storage = harness.storage;
    });
    afterEach(() => harness.dispose());

    const plan = (fromIndex: number, toIndex: number) =>
      storage.log.planPruning({ fromIndex, toIndex, event: makeEvent({ type: 'log.pruned' }) });
    const step = (fromIndex: number, toIndex: number): PruningStep => ({
      fromIndex,
      toIndex,
      fromBundle: fromIndex / BUNDLE,
      toBundle: toIndex / BUNDLE,
      lastSequence: toIndex,
    });
    const announced = async () =>
      (await storage.events.list({ types: ['log.pruned'], limit: 10 })).map(({ sequence }) => sequence);
    const firstSequence = async () =>
      (await storage.events.list({ afterSequence: 0, limit: 1 }))[0]?.sequence;

    it('begins with everything kept', async () => {
      expect(await storage.log.retained()).toEqual({ minimumIndex: 0, plannedIndex: 0 });
    });

    it('is announced once, however many servers want it, and then not again until it is done', async () => {
      await fill(storage, 3);
      const results = await Promise.all(Array.from({ length: 5 }, () => plan(0, 512)));
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await announced()).toHaveLength(1);
      expect(await storage.log.retained()).toEqual({ minimumIndex: 0, plannedIndex: 512 });
      expect(await plan(0, 768)).toBe(false);
      expect(await announced()).toHaveLength(1);
    });

    it('waits until its announcement stands in the log', async () => {
      await fill(storage, 3);
      const first = step(0, 256);
      expect(await storage.log.prune(first)).toBe(false);
      await plan(0, 512);
      expect(await storage.log.prune(first)).toBe(false);
      expect(await firstSequence()).toBe(1);
      await growTo(storage, 768, 769);
      expect(await storage.log.prune(first)).toBe(true);
      expect(await firstSequence()).toBe(257);
    });

    it('removes bundles and events step by step, keeps all hashes, and nothing goes that was not announced', async () => {
      await fill(storage, 4);
      await plan(0, 512);
      await growTo(storage, 1_024, 1_025);
      const { log } = storage;
      expect(await log.prune(step(0, 768))).toBe(false);
      expect(await log.prune(step(256, 512))).toBe(false);
      const twice = await Promise.all([1, 2].map(() => log.prune(step(0, 256))));
      expect(twice.filter(Boolean)).toHaveLength(1);
      expect(await log.prune(step(256, 512))).toBe(true);
      expect(await log.retained()).toEqual({ minimumIndex: 512, plannedIndex: 512 });
      expect(
        await Promise.all([0, 1, 2, 3].map(async (number) => (await log.bundle(number))?.number)),
      ).toEqual([undefined, undefined, 2, 3]);
      expect(await log.tile(0, 0)).toHaveLength(32 * BUNDLE);
      expect(await log.bundleOfSequence(3)).toBeUndefined();
      expect(await firstSequence()).toBe(513);
      expect((await log.head()).size).toBe(1_025);
      expect(await plan(0, 768)).toBe(false);
      expect(await plan(512, 768)).toBe(true);
    });

    it('never lets a number be given twice', async () => {
      await fill(storage, 2);
      await plan(0, 512);
      await growTo(storage, 512, 513);
      expect(await storage.log.prune(step(0, 512))).toBe(true);
      await storage.events.append([makeEvent()]);
      const left = await storage.events.list({ afterSequence: 0, limit: 10 });
      expect(left.map(({ sequence }) => sequence)).toEqual([513, 514]);
    });

    it('lets a sink that was away begin with what is kept', async () => {
      const { sinks } = storage;
      await sinks.open('old', { index: 100, sequence: 100 }, { index: 0, sequence: 0 });
      const parked = {
        index: 90,
        sequence: 90,
        eventId: 'e',
        code: 'c',
        message: 'm',
        parkedAtMs: 1,
        retryAsked: false,
      };
      await sinks.park('old', parked);
      await sinks.park('old', { ...parked, index: 600 });
      await sinks.open('ahead', { index: 700, sequence: 700 });
      for (const name of ['old', 'ahead', 'new'])
        await sinks.open(name, { index: 512, sequence: 512 }, { index: 512, sequence: 512 });
      const places = (await sinks.list()).map(({ name, firstIndex, nextIndex, lastSequence }) => [
        name,
        firstIndex,
        nextIndex,
        lastSequence,
      ]);
      expect(places).toEqual([
        ['ahead', 700, 700, 700],
        ['new', 512, 512, 512],
        ['old', 512, 512, 512],
      ]);
      expect((await sinks.parked('old', { limit: 5 })).map(({ index }) => index)).toEqual([600]);
    });
  });
}
