import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { findOpeningFault } from '#audit/log/log-entry.ts';
import { findReceiptFault, parseReceipt } from '#audit/log/inclusion-receipt.ts';
import { createNoteSigner } from '#audit/log/note-key.ts';
import { parseSignedCheckpoint } from '#audit/log/checkpoint.ts';
import { createTransparencyLog, type EventReceipt } from '#audit/log/transparency-log.ts';
import { verifyLog } from '#audit/log/verify-log.ts';
import { createRecordingLogger } from '#credentials/credential-provider.fakes.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { Storage } from '#storage/storage.ts';
import { createServerPruning, type PruningSettings } from './prune-log.ts';
import { createLogSealing } from './seal-log.ts';

const DAY_MS = 86_400_000;
const START_MS = 1_700_000_000_000;
const signer = createNoteSigner(
  'vouchgate.example/log',
  'ed25519',
  generateKeyPairSync('ed25519').privateKey,
);

let storage: Storage;
let time: { nowMs: number };
let settings: PruningSettings | undefined;
let log: ReturnType<typeof createRecordingLogger>;
let prune: () => Promise<void>;
let seal: () => Promise<void>;

beforeEach(() => {
  storage = openMemoryStorage();
  time = { nowMs: START_MS };
  settings = { retentionSeconds: 30 * 86_400, sinks: [] };
  log = createRecordingLogger();
  prune = newServer();
  seal = createLogSealing(storage, signer, { nowMs: () => time.nowMs });
});

function newServer(): () => Promise<void> {
  return createServerPruning({ storage, settings: () => settings, clock: { nowMs: () => time.nowMs }, log });
}

/** So many events at the time that it is, in the record and in the log. */
async function record(count: number): Promise<void> {
  const { nowMs } = time;
  await storage.events.append(
    Array.from({ length: count }, (_, at) => ({
      id: `evt_${nowMs}_${at}`,
      timeMs: nowMs,
      type: 'lease.revoked',
      actor: { kind: 'server', id: 's' },
      body: { at, sourceIp: '203.0.113.7' },
    })),
  );
  await seal();
}

function logOf(store: Storage) {
  return createTransparencyLog({ store: store.log, events: store.events, key: signer });
}

async function verify(minimumIndex?: number, earlier?: string) {
  const published = logOf(storage);
  return verifyLog({
    key: signer,
    minimumIndex,
    earlier: earlier === undefined ? undefined : parseSignedCheckpoint(earlier),
    fetch: async (path) => {
      const found = path === 'checkpoint' ? await published.checkpoint() : await published.tile(path);
      return found === undefined ? undefined : Buffer.from(found);
    },
  });
}

async function pruneAll(): Promise<number> {
  for (let run = 0; run < 4; run += 1) {
    await prune();
    await seal();
  }
  return (await storage.log.retained()).minimumIndex;
}

function holds(receipt: EventReceipt | undefined): boolean {
  const parsed = parseReceipt(receipt?.proof ?? '');
  if (receipt === undefined || parsed === undefined) return false;
  const entry = Buffer.from(receipt.entry);
  const trust = { log: signer, witnesses: [], quorum: 0 };
  const fault = findReceiptFault(parsed, entry, trust) ?? findOpeningFault(entry, receipt.opening);
  return fault === undefined;
}

const announcements = () => storage.events.list({ types: ['log.pruned'], limit: 10 });

describe('what is older than it has to be kept', () => {
  it('goes, after the log says so, and the rest is proven as before', async () => {
    await record(300);
    const early = await logOf(storage).checkpoint();
    const [old] = await storage.events.list({ afterSequence: 9, limit: 1 });
    const receipt = old && (await logOf(storage).receiptOf(old));
    time.nowMs += DAY_MS;
    await record(700);
    time.nowMs += 40 * DAY_MS;
    await record(100);

    await prune();
    const [event] = await announcements();
    expect(event).toMatchObject({ actor: { kind: 'server' }, body: { fromIndex: 0, minimumIndex: 768 } });
    await prune();
    expect((await storage.log.retained()).minimumIndex).toBe(0);
    await seal();
    await prune();
    expect((await storage.log.retained()).minimumIndex).toBe(768);

    const kept = await storage.events.list({ afterSequence: 0, limit: 1_000 });
    expect(kept.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 333 }, (_, at) => at + 769));
    expect(await verify(768, early)).toMatchObject({ ok: true, minimumIndex: 768 });
    expect(await verify()).toMatchObject({ ok: false, fault: { code: 'entries_missing' } });
    expect(await verify(512)).toMatchObject({ ok: false, fault: { code: 'entries_missing' } });
    expect(await logOf(storage).tile('tile/entries/000')).toBeUndefined();
    expect(await logOf(storage).tile('tile/0/000')).toHaveLength(8_192);

    expect(holds(receipt)).toBe(true);
    const [left] = kept;
    expect(holds(left && (await logOf(storage).receiptOf(left)))).toBe(true);
    expect(old && (await logOf(storage).receiptOf(old))).toBeUndefined();
  });

  it('stays where nothing is said about it, and while there is no configuration', async () => {
    await record(600);
    time.nowMs += 400 * DAY_MS;
    settings = { retentionSeconds: undefined, sinks: [] };
    expect(await pruneAll()).toBe(0);
    settings = undefined;
    expect(await pruneAll()).toBe(0);
    expect(await announcements()).toEqual([]);
  });

  it('goes in whole bundles alone, and about once a day', async () => {
    await record(500);
    time.nowMs += 30.5 * DAY_MS;
    expect(await pruneAll()).toBe(0);
    time.nowMs += DAY_MS;
    expect(await pruneAll()).toBe(256);
    expect(await announcements()).toHaveLength(1);
  });

  it('stays behind an entry that is younger, whatever its place says about it', async () => {
    await record(300);
    const { nowMs } = time;
    time.nowMs += 35 * DAY_MS;
    await record(1);
    time.nowMs = nowMs;
    await record(700);
    time.nowMs += 40 * DAY_MS;
    expect(await pruneAll()).toBe(256);
  });

  it('waits for every sink, and for what a sink has parked', async () => {
    settings = { retentionSeconds: 30 * 86_400, sinks: ['siem', 'copy'] };
    await record(1_000);
    time.nowMs += 40 * DAY_MS;
    await storage.sinks.open('siem', { index: 1_000, sequence: 1_000 });
    expect(await pruneAll()).toBe(0);
    expect(log.lines.join()).toContain('sink copy');

    await storage.sinks.open('copy', { index: 700, sequence: 700 });
    const parked = { sequence: 301, eventId: 'e', code: 'c', message: 'm', parkedAtMs: 1, retryAsked: false };
    await storage.sinks.park('siem', { ...parked, index: 300 });
    expect(await pruneAll()).toBe(256);
    await storage.sinks.unpark('siem', 300);
    expect(await pruneAll()).toBe(512);
    settings = { ...settings, sinks: ['siem'] };
    expect(await pruneAll()).toBe(768);
    expect(await verify(768)).toMatchObject({ ok: true });
  });

  it('is announced once by several servers, and removed to its end by whoever is left', async () => {
    await record(6_000);
    time.nowMs += 40 * DAY_MS;
    const servers = [prune, newServer(), newServer()];
    await Promise.all(servers.map((each) => each()));
    await seal();
    const remove = storage.log.prune.bind(storage.log);
    let steps = 0;
    storage.log.prune = async (step) => {
      steps += 1;
      if (steps > 1) throw new Error('killed');
      return remove(step);
    };
    await expect(prune()).rejects.toThrow('killed');
    storage.log.prune = remove;
    expect(await storage.log.retained()).toEqual({ minimumIndex: 2_048, plannedIndex: 5_888 });
    expect(await verify(2_048)).toMatchObject({ ok: true });
    await Promise.all([newServer()(), newServer()()]);
    expect(await storage.log.retained()).toEqual({ minimumIndex: 5_888, plannedIndex: 5_888 });
    expect(await announcements()).toHaveLength(1);
    expect(await verify(5_888)).toMatchObject({ ok: true });
  });

  it('cannot be passed off as removed when the log does not say so', async () => {
    await record(600);
    expect(await verify(256)).toMatchObject({ ok: false, fault: { code: 'pruning_not_recorded' } });
    expect(await verify()).toMatchObject({ ok: true, minimumIndex: 0 });
  });
});
