import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogGrowth } from '#audit/log/ports.ts';
import type { Storage } from '../storage.ts';
import { makeEvent, type OpenHarness, START_MS, type StorageHarness } from './fixtures.ts';

function growth(fromSize: number, size: number, note: string): LogGrowth {
  return {
    fromSize,
    head: { size, lastSequence: size * 10, checkpoint: note, signedAtMs: START_MS, erasures: 0 },
    tiles: [
      {
        address: { level: 0, number: 0, width: size },
        hashes: Array.from({ length: size }, () => Buffer.alloc(32, size)),
      },
    ],
    bundles: [
      {
        number: 0,
        entries: Buffer.alloc(size, size),
        sequences: Array.from({ length: size }, (_, index) => index * 10 + 10),
        salts: Buffer.alloc(size * 32, 255),
      },
    ],
  };
}

export function describeLog(open: OpenHarness): void {
  describe('the log', () => {
    let harness: StorageHarness;
    let storage: Storage;
    beforeEach(async () => {
      harness = await open();
      storage = harness.storage;
    });
    afterEach(() => harness.dispose());

    it('begins empty', async () => {
      expect(await storage.log.head()).toMatchObject({ size: 0, lastSequence: 0, checkpoint: undefined });
      expect(await storage.log.tile(0, 0)).toBeUndefined();
      expect(await storage.log.bundle(0)).toBeUndefined();
      expect(await storage.log.bundleOfSequence(5)).toBeUndefined();
    });

    it('keeps what it is given, byte for byte, and replaces unfinished tiles', async () => {
      expect(await storage.log.grow(growth(0, 2, 'first\n'))).toBe(true);
      expect(await storage.log.grow(growth(2, 3, 'second\n'))).toBe(true);
      expect(await storage.log.head()).toEqual(growth(2, 3, 'second\n').head);
      expect(Buffer.from((await storage.log.tile(0, 0)) ?? []).equals(Buffer.alloc(96, 3))).toBe(true);
      const bundle = await storage.log.bundle(0);
      expect(bundle?.sequences).toEqual([10, 20, 30]);
      expect(Buffer.from(bundle?.entries ?? []).equals(Buffer.alloc(3, 3))).toBe(true);
      expect(Buffer.from(bundle?.salts ?? []).equals(Buffer.alloc(96, 255))).toBe(true);
    });

    it('grows from one size only once, and writes nothing of what comes second', async () => {
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, index) => storage.log.grow(growth(0, index + 1, `${index}\n`))),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
      const winner = results.indexOf(true) + 1;
      expect((await storage.log.head()).size).toBe(winner);
      expect((await storage.log.bundle(0))?.sequences).toHaveLength(winner);
      expect((await storage.log.tile(0, 0))?.length).toBe(winner * 32);
    });

    it('finds the bundle in which an event would be', async () => {
      await storage.log.grow(growth(0, 2, 'note\n'));
      // The store keeps bundles of any number; that they follow each other is the sealer's part.
      const bundles = growth(0, 2, '').bundles.map((each) => ({ ...each, number: 1, sequences: [500, 510] }));
      await storage.log.grow({ ...growth(2, 4, 'note\n'), bundles });
      expect((await storage.log.bundleOfSequence(20))?.number).toBe(0);
      expect((await storage.log.bundleOfSequence(499))?.number).toBe(0);
      expect((await storage.log.bundleOfSequence(510))?.number).toBe(1);
      expect(await storage.log.bundleOfSequence(9)).toBeUndefined();
    });

    it('is sealed by one server at a time, and by another when that one is gone', async () => {
      const { log } = storage;
      expect(await log.lead('one', START_MS, START_MS + 3_000)).toBe(true);
      expect(await log.lead('two', START_MS + 1_000, START_MS + 4_000)).toBe(false);
      expect(await log.lead('one', START_MS + 2_000, START_MS + 5_000)).toBe(true);
      expect(await log.lead('two', START_MS + 5_000, START_MS + 8_000)).toBe(false);
      expect(await log.lead('two', START_MS + 5_001, START_MS + 8_001)).toBe(true);
      expect(await log.lead('one', START_MS + 6_000, START_MS + 9_000)).toBe(false);
    });

    it('keeps the largest checkpoint that was witnessed', async () => {
      const { log } = storage;
      expect(await log.witnessed()).toBeUndefined();
      await log.keepWitnessed('two\n', 2);
      await log.keepWitnessed('one\n', 1);
      expect(await log.witnessed()).toBe('two\n');
      await log.keepWitnessed('three\n', 3);
      expect(await log.witnessed()).toBe('three\n');
    });

    it('of another is witnessed in one line only, however many ask at once', async () => {
      const { witness } = storage;
      expect(await witness.lastWitnessed('other.example/log')).toBeUndefined();
      const heads = Array.from({ length: 6 }, (_, at) => ({ size: at + 1, root: Buffer.alloc(32, at) }));
      const signed = await Promise.all(heads.map((head) => witness.witness('other.example/log', 0, head)));
      expect(signed.filter(Boolean)).toHaveLength(1);
      const last = await witness.lastWitnessed('other.example/log');
      expect(last?.size).toBe(signed.indexOf(true) + 1);
      expect(Buffer.from(last?.root ?? []).equals(heads[signed.indexOf(true)]?.root ?? Buffer.of())).toBe(
        true,
      );
      const next = { size: 50, root: Buffer.alloc(32, 9) };
      expect(await witness.witness('other.example/log', 49, next)).toBe(false);
      expect(await witness.witness('other.example/log', last?.size ?? 0, next)).toBe(true);
      expect(await witness.lastWitnessed('third.example/log')).toBeUndefined();
    });

    it('is not brought back to what was erased by a sealer that remembers', async () => {
      await storage.events.append([makeEvent({ body: { sourceIp: '203.0.113.7' } })]);
      const [event] = await storage.events.list({ limit: 1 });
      if (event === undefined) throw new Error('the event is not there');
      await storage.log.grow(growth(0, 1, 'first\n'));
      const erased = { ...event, body: { sourceIp: '[personal]' } };
      await storage.log.erase({ event: erased, bundle: 0, salts: Buffer.alloc(32, 1) });
      expect(await storage.log.grow(growth(1, 2, 'second\n'))).toBe(false);
      expect((await storage.log.head()).erasures).toBe(1);
      expect(Buffer.from((await storage.log.bundle(0))?.salts ?? []).equals(Buffer.alloc(32, 1))).toBe(true);
      expect(await storage.events.list({ limit: 1 })).toEqual([erased]);
    });

    it('is there again after a restart', async () => {
      if (harness.reopen === undefined) return;
      await storage.log.grow(growth(0, 2, 'note\n'));
      storage = await harness.reopen();
      expect((await storage.log.head()).checkpoint).toBe('note\n');
      expect(await storage.log.grow(growth(0, 1, 'fork\n'))).toBe(false);
    });
  });
}
