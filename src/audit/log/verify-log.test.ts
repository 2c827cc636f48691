import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AuditEvent, RecordedEvent } from '../event.ts';
import { formatCheckpoint } from './checkpoint-text.ts';
import { parseSignedCheckpoint } from './checkpoint.ts';
import { textsOf } from './event-texts.fake.ts';
import { findReceiptFault, parseReceipt } from './inclusion-receipt.ts';
import { findOpeningFault } from './log-entry.ts';
import { deriveLogKey, logOriginOf } from './log-key.ts';
import { MemoryLogStore } from './memory-log-store.fake.ts';
import { createNoteSigner } from './note-key.ts';
import { createSealer } from './sealer.ts';
import { formatSignedNote, signNote } from './signed-note.ts';
import { createTransparencyLog } from './transparency-log.ts';
import { type LogFetch, verifyLog } from './verify-log.ts';

const ORIGIN = 'vouchgate.example/log';
const signer = createNoteSigner(ORIGIN, 'ed25519', generateKeyPairSync('ed25519').privateKey);

/** These tests look at the log alone. */
const NO_EVENTS = { list: async () => [] };

function event(index: number): AuditEvent {
  return {
    id: `evt_${index}`,
    timeMs: index,
    type: 'lease.revoked',
    actor: { kind: 'server', id: 's' },
    body: { index },
  };
}

function record(count: number, from = 0): RecordedEvent[] {
  return Array.from({ length: count }, (_, at) => ({ ...event(from + at), sequence: from + at + 1 }));
}

/** A log over these events, sealed in steps. */
async function sealed(events: readonly RecordedEvent[], store = new MemoryLogStore(), key = signer) {
  const sealer = createSealer({
    store,
    origin: ORIGIN,
    signers: () => [key],
    clock: { nowMs: () => 1_000 },
    batchMax: 150,
    events: textsOf({
      list: async ({ afterSequence, limit }) =>
        events.filter(({ sequence }) => sequence > afterSequence).slice(0, limit),
    }),
  });
  while ((await sealer.seal()).outcome === 'sealed');
  return store;
}

function fetchFrom(store: MemoryLogStore): LogFetch {
  const log = createTransparencyLog({ store, events: NO_EVENTS, key: signer });
  return async (path) => {
    if (path === 'checkpoint') return Buffer.from((await log.checkpoint()) ?? '');
    const tile = await log.tile(path);
    return tile === undefined ? undefined : Buffer.from(tile);
  };
}

async function faultOf(store: MemoryLogStore, earlier?: string) {
  const verdict = await verifyLog({
    fetch: fetchFrom(store),
    key: signer,
    earlier: earlier === undefined ? undefined : parseSignedCheckpoint(earlier),
  });
  return verdict.ok ? undefined : verdict.fault.code;
}

describe('a log that was not touched', () => {
  it.each([1, 255, 256, 257, 700])('of %i entries is found to be whole', async (size) => {
    expect(await faultOf(await sealed(record(size)))).toBeUndefined();
  });

  it('is found to be the continuation of what it was', async () => {
    const store = await sealed(record(300));
    const earlier = store.current.checkpoint;
    await sealed(record(700), store);
    expect(store.current.size).toBe(700);
    expect(await faultOf(store, earlier)).toBeUndefined();
  });
});

/** Each changes a log of 700 entries as somebody would who can write to the store, but has not the key. */
const TAMPERING: readonly (readonly [string, (store: MemoryLogStore) => void | Promise<void>])[] = [
  ['an edited entry', (store) => change(store, (bytes) => bytes.write('X', 30))],
  ['a dropped entry', async (store) => replaceBundle(store, await sealed(record(700).toSpliced(300, 1)))],
  [
    'two entries in another order',
    async (store) => {
      const events = record(700);
      const swapped = [...events.slice(0, 300), event(301), event(300), ...events.slice(302)].map(
        (each, at) => ({ ...each, sequence: at + 1 }),
      );
      replaceBundle(store, await sealed(swapped));
    },
  ],
  [
    'an added entry',
    async (store) =>
      replaceBundle(
        store,
        await sealed(
          [...record(300), ...record(401, 299)].map((each, at) => ({ ...each, sequence: at + 1 })),
        ),
      ),
  ],
  [
    'a truncated log',
    (store) => {
      store.bundles.delete(2);
    },
  ],
  [
    'an older checkpoint with a larger size written over it',
    (store) => {
      const checkpoint = (store.current.checkpoint ?? '').replace('\n700\n', '\n701\n');
      store.current = { ...store.current, checkpoint };
    },
  ],
  [
    'a checkpoint of another key',
    (store) => {
      const other = createNoteSigner(ORIGIN, 'ed25519', generateKeyPairSync('ed25519').privateKey);
      const { text } = parseSignedCheckpoint(store.current.checkpoint ?? '')?.note ?? { text: '' };
      store.current = { ...store.current, checkpoint: formatSignedNote(signNote(text, [other], 0)) };
    },
  ],
  [
    'a checkpoint of another log',
    (store) => {
      const other = createNoteSigner(
        'other.example/log',
        'ed25519',
        generateKeyPairSync('ed25519').privateKey,
      );
      const text = formatCheckpoint({ origin: 'other.example/log', size: 700, root: Buffer.alloc(32) });
      store.current = { ...store.current, checkpoint: formatSignedNote(signNote(text, [other], 0)) };
    },
  ],
  [
    'a changed tile',
    (store) => {
      store.tiles.get('0/1')?.fill(7, 0, 32);
    },
  ],
  [
    'a changed tile of a higher level',
    (store) => {
      store.tiles.get('1/0')?.fill(7, 0, 32);
    },
  ],
  [
    'a missing tile',
    (store) => {
      store.tiles.delete('1/0');
    },
  ],
];

function change(store: MemoryLogStore, edit: (bytes: Buffer) => void): void {
  const bundle = store.bundles.get(1);
  if (bundle === undefined) throw new Error('no bundle');
  const entries = Buffer.from(bundle.entries);
  edit(entries);
  store.bundles.set(1, { ...bundle, entries });
}

/** The entries of another log under the checkpoint of this one. */
function replaceBundle(store: MemoryLogStore, other: MemoryLogStore): void {
  for (const [number, bundle] of other.bundles) store.bundles.set(number, bundle);
  for (const [key, tile] of other.tiles) store.tiles.set(key, tile);
}

describe('tampering', () => {
  it.each(TAMPERING)('%s is found', async (_, tamper) => {
    const store = await sealed(record(700));
    expect(await faultOf(store)).toBeUndefined();
    await tamper(store);
    expect(await faultOf(store)).toBeDefined();
  });

  it('by somebody who has the key is found by whoever kept an earlier checkpoint', async () => {
    const store = await sealed(record(300));
    const earlier = store.current.checkpoint;
    // A second history of the same log, properly signed.
    const fork = await sealed(record(700).map((each) => ({ ...each, body: { forged: true } })));
    expect(await faultOf(fork)).toBeUndefined();
    expect(await faultOf(fork, earlier)).toBe('history_differs');
    const shorter = await sealed(record(200));
    expect(await faultOf(shorter, earlier)).toBe('log_shrank');
  });
});

describe('a receipt of the log', () => {
  it('proves its event without the log', async () => {
    const store = await sealed(record(700));
    const log = createTransparencyLog({ store, events: NO_EVENTS, key: signer });
    for (const index of [0, 255, 256, 600, 699]) {
      const given = await log.receiptOf({ ...event(index), sequence: index + 1 });
      const receipt = parseReceipt(given?.proof ?? '');
      const entry = Buffer.from(given?.entry ?? '');
      expect(
        receipt && findReceiptFault(receipt, entry, { log: signer, witnesses: [], quorum: 0 }),
      ).toBeUndefined();
      expect(given && findOpeningFault(entry, given.opening)).toBeUndefined();
      expect(JSON.parse(given?.opening.lasting ?? '')).toEqual(event(index));
    }
  });

  it('is not there before the event is in the log', async () => {
    const log = createTransparencyLog({
      store: await sealed(record(5)),
      events: NO_EVENTS,
      key: signer,
    });
    expect(await log.receiptOf({ ...event(9), sequence: 10 })).toBeUndefined();
  });
});

describe('the key of the log', () => {
  it('is the same on every server that has the same master key, and on no other', () => {
    const [one, same, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map(
      (master) => createNoteSigner(ORIGIN, 'ed25519', deriveLogKey(master, 'log')).id,
    );
    expect(one).toBe(same);
    expect(one).not.toBe(other);
  });

  it('is named after the place of the log', () => {
    expect(logOriginOf('https://vouchgate.example:8443/')).toBe('vouchgate.example:8443/log');
  });
});
