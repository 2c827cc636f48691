import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEvent, RecordedEvent } from '../event.ts';
import { parseSignedCheckpoint } from './checkpoint.ts';
import {
  buildLogEntry,
  eraseEvent,
  eraseSalt,
  findOpeningFault,
  openEntry,
  SALT_BYTES,
} from './log-entry.ts';
import { textsOf } from './event-texts.fake.ts';
import { MemoryLogStore } from './memory-log-store.fake.ts';
import { hashLeaf } from './merkle-hash.ts';
import { createNoteSigner } from './note-key.ts';
import type { LogGrowth } from './ports.ts';
import { PERSONAL } from './personal-data.ts';
import { createSealer } from './sealer.ts';
import { confirmNote } from './signed-note.ts';
import { splitEntries } from './tile.ts';
import { TreeBuilder } from './tree-builder.ts';

const ORIGIN = 'vouchgate.example/log';
const signer = createNoteSigner(ORIGIN, 'ed25519', generateKeyPairSync('ed25519').privateKey);

function event(index: number): AuditEvent {
  return {
    id: `evt_${index}`,
    timeMs: 1_000 + index,
    type: 'decision.denied',
    actor: { kind: 'workload', id: 'github/repo:acme/shop' },
    resource: 'deploy',
    body: {
      sourceIp: '203.0.113.7',
      identity: {
        commit: 'c0ffee',
        actor: { id: '7', login: 'mona' },
        claims: { actor: 'mona', ref: 'main' },
      },
      denial: { facts: [{ name: 'principal.actor.login', expected: 'one of: jo', received: 'mona' }] },
    },
  };
}

/** Sequence numbers with holes, as a store that numbers before it commits has them. */
class Record {
  readonly events: RecordedEvent[] = [];

  add(count: number): this {
    const first = this.events.length;
    for (let index = first; index < first + count; index += 1)
      this.events.push({ ...event(index), sequence: index * 3 + 2 });
    return this;
  }

  list({ afterSequence, limit }: { afterSequence: number; limit: number }) {
    return Promise.resolve(this.events.filter(({ sequence }) => sequence > afterSequence).slice(0, limit));
  }
}

function sealerOf(record: Record, store: MemoryLogStore, batchMax = 100) {
  return createSealer({
    store,
    events: textsOf(record),
    origin: ORIGIN,
    signers: () => [signer],
    clock: { nowMs: () => 5_000 },
    batchMax,
  });
}

/** All entries of a log, and the root that follows from them. */
function replay(store: MemoryLogStore) {
  const bundles = [...store.bundles.values()].toSorted((left, right) => left.number - right.number);
  const entries = bundles.flatMap(
    (bundle) => splitEntries(Buffer.from(bundle.entries), bundle.sequences.length) ?? [],
  );
  const tree = new TreeBuilder();
  for (const entry of entries) tree.append(hashLeaf(entry));
  return { bundles, entries, root: Buffer.from(tree.root()) };
}

describe('sealing', () => {
  it('puts every event into the log once, in order, under a signed root', async () => {
    const [record, store] = [new Record().add(700), new MemoryLogStore()];
    const sealer = sealerOf(record, store);
    for (let step = 0; step < 7; step += 1) expect(await sealer.seal()).toMatchObject({ entries: 100 });
    expect(await sealer.seal()).toEqual({ outcome: 'idle' });
    const { bundles, entries, root } = replay(store);
    expect(bundles.flatMap(({ sequences }) => sequences)).toEqual(
      record.events.map(({ sequence }) => sequence),
    );
    expect(entries).toHaveLength(700);
    const signed = parseSignedCheckpoint(store.current.checkpoint ?? '');
    expect(signed?.checkpoint).toMatchObject({ origin: ORIGIN, size: 700 });
    expect(Buffer.from(signed?.checkpoint.root ?? []).equals(root)).toBe(true);
    expect(signed && confirmNote(signed.note, [signer])).toHaveLength(1);
  });

  it('goes on after a restart at any size as if nothing had been', async () => {
    const [record, store, straight] = [new Record(), new MemoryLogStore(), new MemoryLogStore()];
    for (const count of [1, 254, 1, 1, 300, 211]) {
      record.add(count);
      while ((await sealerOf(record, store, 60).seal()).outcome === 'sealed');
    }
    await sealerOf(record, straight, 10_000).seal();
    const [one, other] = [store, straight].map((each) => replay(each));
    expect(one?.bundles.flatMap(({ sequences }) => sequences)).toEqual(
      other?.bundles.flatMap(({ sequences }) => sequences),
    );
    expect(parseSignedCheckpoint(store.current.checkpoint ?? '')?.checkpoint.root).toEqual(one?.root);
  });

  it('by two servers at once never forks the log', async () => {
    const [record, store] = [new Record().add(500), new MemoryLogStore()];
    const sealers = [sealerOf(record, store, 30), sealerOf(record, store, 70)];
    const outcomes: string[] = [];
    for (let step = 0; step < 30; step += 1) {
      const results = await Promise.all(sealers.map((sealer) => sealer.seal()));
      outcomes.push(...results.map(({ outcome }) => outcome));
    }
    expect(outcomes).toContain('overtaken');
    const { bundles, root } = replay(store);
    expect(bundles.flatMap(({ sequences }) => sequences)).toEqual(
      record.events.map(({ sequence }) => sequence),
    );
    expect(parseSignedCheckpoint(store.current.checkpoint ?? '')?.checkpoint.root).toEqual(root);
  });

  it('starts again from the store when a step failed', async () => {
    const [record, store] = [new Record().add(50), new MemoryLogStore()];
    const sealer = sealerOf(record, store, 20);
    await sealer.seal();
    const grow = store.grow.bind(store);
    store.grow = () => Promise.reject(new Error('disk full'));
    await expect(sealer.seal()).rejects.toThrow('disk full');
    store.grow = grow;
    while ((await sealer.seal()).outcome === 'sealed');
    const { bundles, root } = replay(store);
    expect(bundles.flatMap(({ sequences }) => sequences)).toHaveLength(50);
    expect(parseSignedCheckpoint(store.current.checkpoint ?? '')?.checkpoint.root).toEqual(root);
  });
});

describe('sealing while things fail', () => {
  type Failure = 'nothing' | 'refused' | 'lost answer' | 'unread' | 'another server' | 'restart';

  /** A store whose next write or read fails as it is told. */
  class FailingStore extends MemoryLogStore {
    failure: Failure = 'nothing';

    override async grow(growth: LogGrowth): Promise<boolean> {
      const failure = this.failure;
      // What is prepared meanwhile gets its turn before the answer.
      await new Promise((resolve) => setImmediate(resolve));
      if (failure === 'refused') throw new Error('the disk is full');
      const grown = await super.grow(growth);
      if (failure === 'lost answer') throw new Error('the connection is gone');
      return grown;
    }
  }

  const failures = fc.constantFrom<Failure>(
    'nothing',
    'refused',
    'lost answer',
    'unread',
    'another server',
    'restart',
  );

  it('puts every event into the log once and in order, whatever fails and when', async () => {
    const steps = fc.array(fc.tuple(failures, fc.nat(120)), { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 60 }), async (plan, batchMax) => {
        const [record, store] = [new Record().add(40), new FailingStore()];
        const events = textsOf(record);
        const reading = {
          texts: (filter: { afterSequence: number; limit: number }) =>
            store.failure === 'unread' ? Promise.reject(new Error('no answer')) : events.texts(filter),
        };
        const open = () =>
          createSealer({
            store,
            events: reading,
            origin: ORIGIN,
            signers: () => [signer],
            clock: { nowMs: () => 5_000 },
            batchMax,
          });
        let sealer = open();
        const checkpoints = new Map<number, string>();
        for (const [failure, more] of [...plan, ['nothing', 0] as const]) {
          record.add(more);
          store.failure = 'nothing';
          if (failure === 'restart') sealer = open();
          if (failure === 'another server') await open().seal();
          store.failure = failure;
          await sealer.seal().catch(() => undefined);
          const { size, checkpoint = '' } = store.current;
          // Of one size there is one checkpoint, for ever.
          expect(checkpoints.get(size) ?? checkpoint).toBe(checkpoint);
          checkpoints.set(size, checkpoint);
        }
        store.failure = 'nothing';
        for (let tries = 0; (await sealer.seal()).outcome !== 'idle'; tries += 1)
          expect(tries).toBeLessThan(5_000);
        const { bundles, root } = replay(store);
        const sequences = bundles.flatMap((bundle) => bundle.sequences);
        expect(sequences).toEqual(record.events.map(({ sequence }) => sequence));
        expect(parseSignedCheckpoint(store.current.checkpoint ?? '')?.checkpoint.root).toEqual(root);
      }),
      { numRuns: 150 },
    );
  });

  it('reads and hashes what comes next while the store writes', async () => {
    const [record, store] = [new Record().add(30), new MemoryLogStore()];
    const order: string[] = [];
    const events = textsOf(record);
    const grow = store.grow.bind(store);
    store.grow = async (growth) => {
      order.push(`write from ${growth.fromSize}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      const grown = await grow(growth);
      order.push(`written ${growth.head.size}`);
      return grown;
    };
    const sealer = createSealer({
      store,
      origin: ORIGIN,
      signers: () => [signer],
      clock: { nowMs: () => 5_000 },
      batchMax: 10,
      events: {
        texts: (filter) => {
          order.push(`read after ${filter.afterSequence}`);
          return events.texts(filter);
        },
      },
    });
    await sealer.seal();
    expect(order).toEqual(['read after 0', 'read after 29', 'write from 0', 'read after 59', 'written 10']);
    expect(store.current.size).toBe(10);
  });
});

describe('an entry', () => {
  const salt = Buffer.alloc(SALT_BYTES, 9);
  const entry = Buffer.from(buildLogEntry(JSON.stringify(event(1)), salt));

  it('says nothing of what happened but when and what kind', () => {
    expect(entry.toString()).not.toMatch(/mona|203\.0\.113|acme|deploy/);
    expect(JSON.parse(entry.toString())).toMatchObject({ id: 'evt_1', type: 'decision.denied' });
  });

  it('proves its event, and no other', () => {
    const opening = openEntry(event(1), salt);
    expect(findOpeningFault(entry, opening)).toBeUndefined();
    const other = { ...event(1), resource: 'another' };
    expect(findOpeningFault(entry, { ...openEntry(other, salt) })).toBe('lasting_part_differs');
    const elsewhere = structuredClone(event(1));
    elsewhere.body['sourceIp'] = '203.0.113.8';
    expect(findOpeningFault(entry, openEntry(elsewhere, salt))).toBe('personal_part_differs');
    expect(findOpeningFault(Buffer.from('{}'), opening)).toBe('entry_unreadable');
  });

  it('proves what is left when everything personal was erased', () => {
    const erased = eraseEvent(event(1));
    expect(JSON.stringify(erased)).not.toMatch(/mona|203\.0\.113|one of: jo/);
    expect(erased.body['sourceIp']).toBe(PERSONAL);
    const opening = openEntry(erased, eraseSalt(salt));
    expect(opening.salts.personal).toBeUndefined();
    expect(findOpeningFault(entry, opening)).toBeUndefined();
    const other = openEntry({ ...erased, resource: 'another' }, eraseSalt(salt));
    expect(findOpeningFault(entry, other)).toBe('lasting_part_differs');
  });

  it('of a person hides who it was', () => {
    const signIn: AuditEvent = { ...event(2), actor: { kind: 'person', id: 'mona@example' }, body: {} };
    expect(eraseEvent(signIn).actor.id).toBe(PERSONAL);
    const own = Buffer.from(buildLogEntry(JSON.stringify(signIn), salt));
    expect(findOpeningFault(own, openEntry(eraseEvent(signIn), eraseSalt(salt)))).toBeUndefined();
  });
});
