import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../event.ts';
import { createBundleReceipts } from './bundle-receipts.ts';
import { parseSignedCheckpoint } from './checkpoint.ts';
import { textsOf } from './event-texts.fake.ts';
import { findReceiptFault, parseReceipt } from './inclusion-receipt.ts';
import { MemoryLogStore } from './memory-log-store.fake.ts';
import { createNoteSigner, type NoteAlgorithm } from './note-key.ts';
import { createSealer } from './sealer.ts';
import { formatSignedNote, signNote } from './signed-note.ts';
import { createTransparencyLog } from './transparency-log.ts';

const makeKey = (name: string, algorithm: NoteAlgorithm) =>
  createNoteSigner(name, algorithm, generateKeyPairSync('ed25519').privateKey);
const logKey = makeKey('vouchgate.example/log', 'ed25519');
const witness = makeKey('witness.example', 'ed25519-cosignature');
const clock = { nowMs: () => 9_000 };

function recorded(sequence: number): RecordedEvent {
  const actor = { kind: 'server', id: 's' } as const;
  return { id: `evt_${sequence}`, timeMs: sequence, type: 'server.started', actor, body: {}, sequence };
}

/** A log that was witnessed at one size, and has grown since. */
async function makeLog(witnessedSize: number, size: number) {
  const all: RecordedEvent[] = [];
  const events = {
    list: async ({ afterSequence, limit }: { afterSequence: number; limit: number }) =>
      all.slice(afterSequence, afterSequence + limit),
  };
  const store = new MemoryLogStore();
  const signers = () => [logKey];
  const sealer = createSealer({ store, events: textsOf(events), origin: logKey.name, signers, clock });
  const growTo = async (count: number) => {
    while (all.length < count) all.push(recorded(all.length + 1));
    for (let sealed = await sealer.seal(); sealed.outcome === 'sealed' && sealed.more; )
      sealed = await sealer.seal();
    return parseSignedCheckpoint((await store.head()).checkpoint ?? '');
  };
  const signed = await growTo(witnessedSize);
  if (signed === undefined) throw new TypeError('nothing was sealed');
  const { text, signatures } = signed.note;
  const cosigned = signNote(text, [witness], clock.nowMs()).signatures;
  const witnessed = parseSignedCheckpoint(
    formatSignedNote({ text, signatures: [...signatures, ...cosigned] }),
  );
  await growTo(size);
  const log = createTransparencyLog({ store, events, key: logKey });
  return createBundleReceipts(log, async () => witnessed);
}

describe('receipts of a bundle', () => {
  it('carry the signatures of witnesses where these have seen all of it', async () => {
    const receiptsOf = await makeLog(300, 310);
    const demanded = { log: logKey, witnesses: [witness], quorum: 1 };
    const faultsIn = async (number: number) =>
      ((await receiptsOf(number)) ?? []).map((receipt) => {
        const parsed = parseReceipt(receipt?.proof ?? '');
        return parsed && findReceiptFault(parsed, Buffer.from(receipt?.entry ?? ''), demanded);
      });
    expect(await faultsIn(0)).toEqual(Array.from({ length: 256 }, () => undefined));
    expect(await faultsIn(1)).toEqual(Array.from({ length: 54 }, () => 'not_enough_witnesses'));
    expect(await receiptsOf(2)).toBeUndefined();
  });

  it('hold in a log of any shape', async () => {
    for (const size of [1, 2, 255, 256, 257, 513]) {
      const receiptsOf = await makeLog(1, size);
      const trust = { log: logKey, witnesses: [], quorum: 0 };
      const bundles = Math.ceil(size / 256);
      const all = [];
      for (let number = 0; number < bundles; number += 1) all.push(...((await receiptsOf(number)) ?? []));
      expect(all).toHaveLength(size);
      for (const [index, receipt] of all.entries()) {
        const parsed = parseReceipt(receipt?.proof ?? '');
        expect(parsed?.index).toBe(index);
        expect(parsed && findReceiptFault(parsed, Buffer.from(receipt?.entry ?? ''), trust)).toBeUndefined();
      }
    }
  });
});
