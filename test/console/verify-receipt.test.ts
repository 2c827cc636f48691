import { createHash, generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '#api/event.ts';
import type { Receipt } from '#api/log.ts';
import type { RecordedEvent } from '#audit/event.ts';
import { textsOf } from '#audit/log/event-texts.fake.ts';
import { MemoryLogStore } from '#audit/log/memory-log-store.fake.ts';
import {
  createNoteSigner,
  formatVerifierKey,
  type NoteAlgorithm,
  type NoteSigner,
} from '#audit/log/note-key.ts';
import { parseSignedCheckpoint } from '#audit/log/checkpoint.ts';
import { createSealer } from '#audit/log/sealer.ts';
import { formatSignedNote, signNote } from '#audit/log/signed-note.ts';
import { createTransparencyLog } from '#audit/log/transparency-log.ts';
import { knowsEd25519, parseVerifierKey, type VerifierKey } from '../../console/src/receipt/verifier-key.ts';
import {
  type ReceiptTrust,
  type ReceiptVerdict,
  verifyReceipt,
} from '../../console/src/receipt/verify-receipt.ts';

const ORIGIN = 'vouchgate.example/log';
const TIME_MS = 1_780_000_000_000;
const sign = (name: string, algorithm: NoteAlgorithm) =>
  createNoteSigner(name, algorithm, generateKeyPairSync('ed25519').privateKey);
const [logSigner, alice, bob] = [
  sign(ORIGIN, 'ed25519'),
  sign('alice.example', 'ed25519-cosignature'),
  sign('bob.example', 'ed25519-cosignature'),
];

function recorded(sequence: number): RecordedEvent {
  return {
    id: `evt_${sequence}`,
    sequence,
    timeMs: TIME_MS + sequence,
    type: 'decision.denied',
    actor: { kind: 'workload', id: 'github/repo:acme/shop' },
    decision: `dec_${sequence}`,
    resource: 'shop-db',
    body: {
      sourceIp: '203.0.113.7',
      identity: { actor: { id: '7', login: 'octo/~cat' }, 'a/b~c': { email: 'x@example.test' } },
      note: 'ü 𝄞 \u2028',
    },
  };
}

function shownOf(event: RecordedEvent): Event {
  const { timeMs, ...rest } = event;
  return { ...rest, time: new Date(timeMs).toISOString() };
}

const keyOf = async (signer: NoteSigner): Promise<VerifierKey> => {
  const key = await parseVerifierKey(formatVerifierKey(signer));
  if (key === undefined) throw new TypeError('the key is no vkey');
  return key;
};

/** A log of so many events, made by the server's own code, and a receipt out of it. */
async function makeReceipt(options: {
  size: number;
  at: number;
  cosigners?: readonly NoteSigner[];
  erased?: true;
}) {
  const { size, at, cosigners = [] } = options;
  const all = Array.from({ length: size }, (_, index) => recorded(index + 1));
  const events = {
    list: async ({ afterSequence, limit }: { afterSequence: number; limit: number }) =>
      all.slice(afterSequence, afterSequence + limit),
  };
  const store = new MemoryLogStore();
  const clock = { nowMs: () => TIME_MS };
  const sealer = createSealer({
    store,
    events: textsOf(events),
    origin: ORIGIN,
    signers: () => [logSigner],
    clock,
  });
  for (let sealed = await sealer.seal(); sealed.outcome === 'sealed' && sealed.more; )
    sealed = await sealer.seal();
  const witnessed = async () => {
    const signed = parseSignedCheckpoint((await store.head()).checkpoint ?? '');
    if (signed === undefined || cosigners.length === 0) return undefined;
    const note = signNote(signed.note.text, cosigners, TIME_MS);
    const signatures = [...signed.note.signatures, ...note.signatures];
    return parseSignedCheckpoint(formatSignedNote({ text: signed.note.text, signatures }));
  };
  const log = createTransparencyLog({ store, events, key: logSigner, witnessed });
  const event = all[at];
  if (event === undefined) throw new RangeError('at');
  if (options.erased) {
    await log.erase(event);
    all.splice(at, 1, ...store.erased);
  }
  const found = all[at] ?? event;
  const given = await log.receiptOf(found);
  if (given === undefined) throw new TypeError('there is no receipt');
  // As it comes over the wire.
  const receipt: Receipt = JSON.parse(JSON.stringify({ schema: 'vouchgate-receipt/1', ...given }));
  return { receipt, shown: shownOf(found) };
}

const failedIn = ({ steps }: ReceiptVerdict) =>
  steps.filter(({ state }) => state === 'failed').map(({ id }) => id);

let trust: ReceiptTrust;
beforeAll(async () => {
  trust = { log: await keyOf(logSigner), witnesses: [], quorum: 0 };
});

describe('a receipt of the server', () => {
  it.each([
    [1, 0],
    [2, 1],
    [3, 2],
    [7, 3],
    [256, 255],
    [257, 256],
    [300, 0],
    [515, 511],
  ])('of a log of %i holds at %i, step by step', async (size, at) => {
    const { receipt, shown } = await makeReceipt({ size, at });
    const verdict = await verifyReceipt(receipt, trust, shown);
    expect(verdict.steps.map(({ id, state }) => [id, state])).toEqual([
      ['format', 'passed'],
      ['checkpoint', 'passed'],
      ['witnesses', 'unchecked'],
      ['inclusion', 'passed'],
      ['event', 'passed'],
      ['personal', 'passed'],
      ['shown', 'passed'],
    ]);
    expect(verdict.holds).toBe(true);
    expect(verdict.event).toMatchObject({ id: shown.id, body: shown.body });
  });

  it('shows the values that it was checked with', async () => {
    const { receipt, shown } = await makeReceipt({ size: 5, at: 2 });
    const { steps } = await verifyReceipt(receipt, trust, shown);
    const inclusion = Object.fromEntries(steps.find(({ id }) => id === 'inclusion')?.values ?? []);
    expect(inclusion['Root computed here']).toBe(inclusion['Root that was signed']);
    const raw = logSigner.publicKey.export({ format: 'der', type: 'spki' }).subarray(12);
    expect(trust.log.fingerprint).toBe(createHash('sha256').update(raw).digest('hex'));
  });

  it('still proves an event whose personal part was erased', async () => {
    const { receipt, shown } = await makeReceipt({ size: 5, at: 2, erased: true });
    const verdict = await verifyReceipt(receipt, trust, shown);
    expect(verdict).toMatchObject({ holds: true });
    expect(verdict.steps.find(({ id }) => id === 'personal')).toMatchObject({ state: 'unchecked' });
    expect(JSON.stringify(verdict.event)).not.toContain('octo');
  });
});

describe('a receipt that somebody tampered with', () => {
  const flip = (text: string, at: number) => {
    const other = text[at] === 'A' ? 'B' : 'A';
    return `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
  };
  const make = () => makeReceipt({ size: 7, at: 3, cosigners: [alice] });
  const change = async (edit: (receipt: Receipt) => Partial<Receipt>) => {
    const { receipt, shown } = await make();
    const withAlice = { ...trust, witnesses: [await keyOf(alice)], quorum: 1 };
    return failedIn(await verifyReceipt({ ...receipt, ...edit(receipt) }, withAlice, shown));
  };

  it.each<[string, (receipt: Receipt) => Partial<Receipt>, readonly string[]]>([
    ['the proof is something else', () => ({ proof: 'hello' }), ['format']],
    ['the place', ({ index }) => ({ index: index + 1 }), ['format']],
    [
      'the place in the proof',
      ({ proof, index }) => ({
        proof: proof.replace(`index ${index}`, `index ${index + 1}`),
        index: index + 1,
      }),
      ['inclusion'],
    ],
    [
      'a hash of the path',
      ({ proof }) => ({ proof: flip(proof, proof.indexOf('index 3\n') + 12) }),
      ['inclusion'],
    ],
    [
      'a hash of the path is missing',
      ({ proof }) => ({ proof: proof.replace(/(index 3\n)[^\n]+\n/, '$1') }),
      ['inclusion'],
    ],
    [
      'the size of the log',
      ({ proof }) => ({ proof: proof.replace(`${ORIGIN}\n7\n`, `${ORIGIN}\n8\n`) }),
      ['checkpoint', 'witnesses'],
    ],
    [
      'the root',
      ({ proof }) => ({ proof: flip(proof, proof.indexOf(`${ORIGIN}\n7\n`) + ORIGIN.length + 8) }),
      ['checkpoint', 'witnesses', 'inclusion'],
    ],
    [
      'the signature of the log',
      ({ proof }) => ({ proof: flip(proof, proof.indexOf(`\u2014 ${ORIGIN} `) + ORIGIN.length + 30) }),
      ['checkpoint'],
    ],
    [
      'the signature of the witness',
      ({ proof }) => ({ proof: flip(proof, proof.indexOf('\u2014 alice.example ') + 60) }),
      ['witnesses'],
    ],
    [
      'the time of the witness',
      ({ proof }) => ({
        proof: flip(proof, proof.indexOf('\u2014 alice.example ') + 'alice.example'.length + 15),
      }),
      ['witnesses'],
    ],
    ['the entry', ({ entry }) => ({ entry: entry.replace('denied', 'issued') }), ['inclusion', 'event']],
    ['the entry is no entry', () => ({ entry: '[]' }), ['inclusion', 'event', 'personal']],
    [
      'the event',
      ({ opening }) => ({ opening: { ...opening, lasting: opening.lasting.replace('shop-db', 'prod-db') } }),
      ['event', 'shown'],
    ],
    [
      'the salt of the event',
      ({ opening }) => ({
        opening: { ...opening, salts: { ...opening.salts, lasting: flip(opening.salts.lasting, 3) } },
      }),
      ['event'],
    ],
    [
      'what is personal',
      ({ opening }) => ({
        opening: { ...opening, personal: opening.personal?.replace('octo', 'evil') ?? '' },
      }),
      ['personal', 'shown'],
    ],
    [
      'the salt of what is personal',
      ({ opening }) => ({ opening: { ...opening, salts: { lasting: opening.salts.lasting } } }),
      ['personal'],
    ],
    [
      'what is personal names the prototype',
      ({ opening }) => ({
        opening: { ...opening, personal: '[{"pointer":"/__proto__/polluted","value":1}]' },
      }),
      ['personal', 'shown'],
    ],
  ])('fails at what was changed: %s', async (_name, edit, failed) => {
    expect(await change(edit)).toEqual(failed);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('does not pass with the key of another log, or for another event on the page', async () => {
    const { receipt, shown } = await make();
    const other = { ...trust, log: await keyOf(sign(ORIGIN, 'ed25519')) };
    expect(failedIn(await verifyReceipt(receipt, other, shown))).toEqual(['checkpoint']);
    const renamed = { ...trust, log: await keyOf(sign('other.example/log', 'ed25519')) };
    expect(failedIn(await verifyReceipt(receipt, renamed, shown))).toEqual(['checkpoint']);
    const forged = { ...shown, body: { ...shown.body, sourceIp: '198.51.100.9' } };
    expect(failedIn(await verifyReceipt(receipt, trust, forged))).toEqual(['shown']);
  });

  it('needs as many witnesses as are demanded', async () => {
    const { receipt, shown } = await make();
    const witnesses = [await keyOf(alice), await keyOf(bob)];
    const one = await verifyReceipt(receipt, { ...trust, witnesses, quorum: 1 }, shown);
    expect(one.steps.find(({ id }) => id === 'witnesses')).toMatchObject({
      state: 'passed',
      values: [
        ['alice.example', `signed ${new Date(TIME_MS).toISOString()}`],
        ['bob.example', 'has not signed'],
      ],
    });
    expect(failedIn(await verifyReceipt(receipt, { ...trust, witnesses, quorum: 2 }, shown))).toEqual([
      'witnesses',
    ]);
    const unknown = await verifyReceipt(receipt, trust, shown);
    expect(unknown.steps.find(({ id }) => id === 'witnesses')?.values).toEqual([
      [`alice.example+${alice.id}`, 'signature of a key that is not known here'],
    ]);
  });
});

describe('a vkey', () => {
  it('is refused when its name, id or key was changed', async () => {
    const text = formatVerifierKey(logSigner);
    expect(await parseVerifierKey(` ${text}\n`)).toMatchObject({ name: ORIGIN, id: logSigner.id });
    const other = formatVerifierKey(sign(ORIGIN, 'ed25519')).split('+').slice(2).join('+');
    for (const changed of [
      '',
      'x',
      `x${text}`,
      text.replace(`+${logSigner.id}+`, '+00000000+'),
      `${ORIGIN}+${logSigner.id}+${other}`,
    ])
      expect(await parseVerifierKey(changed)).toBeUndefined();
  });

  it('can be checked where Ed25519 is known', async () => {
    expect(await knowsEd25519()).toBe(true);
  });
});
