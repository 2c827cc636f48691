import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../event.ts';
import { formatCheckpoint } from './checkpoint-text.ts';
import { readLogStanding } from './log-standing.ts';
import { MemoryLogStore } from './memory-log-store.fake.ts';
import { createNoteSigner, formatVerifierKey, type NoteAlgorithm } from './note-key.ts';
import { formatSignedNote, signNote } from './signed-note.ts';

const makeKey = (name: string, algorithm: NoteAlgorithm) =>
  createNoteSigner(name, algorithm, generateKeyPairSync('ed25519').privateKey);

const logKey = makeKey('vouchgate.example/log', 'ed25519');
const [alice, bob] = [makeKey('alice', 'ed25519-cosignature'), makeKey('bob', 'ed25519-cosignature')];
const witnesses = [
  { key: alice, url: 'https://alice.example/' },
  { key: bob, url: 'https://bob.example/' },
];

function recorded(sequence: number): RecordedEvent {
  const actor = { kind: 'server', id: 's' } as const;
  return {
    id: `evt_${sequence}`,
    timeMs: sequence * 1_000,
    type: 'server.started',
    actor,
    body: {},
    sequence,
  };
}

function eventsOf(count: number) {
  const all = Array.from({ length: count }, (_, at) => recorded(at + 1));
  return {
    list: async ({ afterSequence }: { afterSequence?: number }) =>
      afterSequence === undefined ? all.slice(-1) : all.slice(afterSequence, afterSequence + 1),
  };
}

describe('the standing of a log', () => {
  it('is nothing before anything was recorded', async () => {
    const standing = await readLogStanding({
      store: new MemoryLogStore(),
      events: eventsOf(0),
      witnesses: [],
      quorum: 1,
    });
    expect(standing).toEqual({
      size: 0,
      root: undefined,
      signedAtMs: undefined,
      sealedThrough: 0,
      recordedThrough: 0,
      waitingSinceMs: undefined,
      quorum: 1,
      witnessedSize: undefined,
      witnesses: [],
    });
  });

  it('names the witnesses that signed, when, and those that did not', async () => {
    const store = new MemoryLogStore();
    const root = Buffer.alloc(32, 7);
    const text = formatCheckpoint({ origin: logKey.name, size: 5, root });
    const checkpoint = formatSignedNote(signNote(text, [logKey], 0));
    store.current = { size: 5, lastSequence: 5, checkpoint, signedAtMs: 9_000, erasures: 0 };
    store.kept = { checkpoint: formatSignedNote(signNote(text, [logKey, alice], 12_000)), size: 5 };
    const standing = await readLogStanding({ store, events: eventsOf(6), witnesses, quorum: 1 });
    expect(standing).toMatchObject({
      size: 5,
      root: root.toString('base64'),
      sealedThrough: 5,
      recordedThrough: 6,
      waitingSinceMs: 6_000,
      witnessedSize: 5,
    });
    expect(standing.witnesses).toEqual([
      {
        name: 'alice',
        key: formatVerifierKey(alice),
        url: 'https://alice.example/',
        cosigned: { size: 5, timeMs: 12_000 },
      },
      { name: 'bob', key: formatVerifierKey(bob), url: 'https://bob.example/', cosigned: undefined },
    ]);
  });

  it('does not take a signature of somebody else for that of a witness', async () => {
    const store = new MemoryLogStore();
    const text = formatCheckpoint({ origin: logKey.name, size: 5, root: Buffer.alloc(32) });
    const note = signNote(text, [logKey, bob], 12_000);
    const forged = note.signatures.map((each) =>
      each.name === 'bob' ? { ...each, name: 'alice', id: alice.id } : each,
    );
    store.kept = { checkpoint: formatSignedNote({ text, signatures: forged }), size: 5 };
    const standing = await readLogStanding({ store, events: eventsOf(0), witnesses, quorum: 1 });
    expect(standing.witnesses.map(({ cosigned }) => cosigned)).toEqual([undefined, undefined]);
  });
});
