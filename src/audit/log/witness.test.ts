import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '#core/log.ts';
import { createCosigning, type WitnessReply } from './cosign-log.ts';
import { parseSignedCheckpoint } from './checkpoint.ts';
import { textsOf } from './event-texts.fake.ts';
import { deriveLogKey } from './log-key.ts';
import { MemoryLogStore } from './memory-log-store.fake.ts';
import { MemoryWitnessStore } from './memory-witness-store.fake.ts';
import { createNoteSigner, formatVerifierKey, type NoteSigner } from './note-key.ts';
import { createSealer } from './sealer.ts';
import { confirmNote, formatSignedNote, signNote } from './signed-note.ts';
import { splitHashes } from './tile.ts';
import { createWitness, type Witness } from './witness.ts';

const ORIGIN = 'vouchgate.example/log';

function key(name: string, algorithm: 'ed25519' | 'ed25519-cosignature'): NoteSigner {
  return createNoteSigner(name, algorithm, generateKeyPairSync('ed25519').privateKey);
}

const logKey = key(ORIGIN, 'ed25519');

function makeWitness(name: string, logs = [logKey]) {
  const store = new MemoryWitnessStore();
  const signer = key(name, 'ed25519-cosignature');
  return { store, ...createWitness({ store, signer, logs: () => logs, clock: { nowMs: () => 9_000 } }) };
}

class GrowingLog {
  readonly store = new MemoryLogStore();
  #events = 0;

  async grow(count: number, seed = 'a'): Promise<void> {
    const from = this.#events;
    this.#events += count;
    const sealer = createSealer({
      store: this.store,
      origin: ORIGIN,
      signers: () => [logKey],
      clock: { nowMs: () => 1_000 },
      events: textsOf({
        list: async ({ afterSequence }) =>
          Array.from({ length: from + count }, (_, at) => ({
            id: `evt_${seed}_${at}`,
            sequence: at + 1,
            timeMs: at,
            type: 'server.started' as const,
            actor: { kind: 'server' as const, id: 's' },
            body: {},
          })).slice(afterSequence),
      }),
    });
    await sealer.seal();
  }

  cosigning(witnesses: readonly Witness[], quorum = witnesses.length, onPost?: () => void) {
    return createCosigning({
      store: this.store,
      log: silentLogger,
      readTile: async (level, number, width) =>
        splitHashes(((await this.store.tile(level, number)) as Buffer).subarray(0, width * 32), width) ?? [],
      witnesses: () =>
        witnesses.map(({ signer }, at) => ({ key: signer, url: `https://witness-${at}.example/` })),
      quorum: () => quorum,
      post: async (url, body): Promise<WitnessReply> => {
        onPost?.();
        const at = Number(/^https:\/\/witness-(\d+)\.example\/add-checkpoint$/.exec(url)?.[1]);
        const answer = await witnesses[at]?.addCheckpoint(body);
        if (answer?.status === 409) return { status: 409, body: `${answer.size}\n` };
        return answer ?? { status: 500, body: '' };
      },
    });
  }
}

describe('a log with witnesses', () => {
  let log: GrowingLog;
  beforeEach(() => {
    log = new GrowingLog();
  });

  it('has its checkpoint signed by all of them, again and again as it grows', async () => {
    const witnesses = [makeWitness('one.example'), makeWitness('two.example')];
    const cosign = log.cosigning(witnesses);
    for (const count of [3, 300, 1, 700]) {
      await log.grow(count);
      await cosign();
    }
    const signed = parseSignedCheckpoint((await log.store.witnessed()) ?? '');
    expect(signed?.checkpoint.size).toBe(1_004);
    const keys = [logKey, ...witnesses.map(({ signer }) => signer)];
    expect(signed && confirmNote(signed.note, keys)?.map(({ timeMs }) => timeMs)).toEqual([0, 9_000, 9_000]);
  });

  it('goes on where a witness is, when it does not know it', async () => {
    const witness = makeWitness('one.example');
    await log.grow(10);
    await log.cosigning([witness])();
    await log.grow(10);
    let posts = 0;
    await log.cosigning([witness], 1, () => (posts += 1))();
    expect(posts).toBe(2);
    expect(parseSignedCheckpoint((await log.store.witnessed()) ?? '')?.checkpoint.size).toBe(20);
  });

  it('may trust the key of a witness that no quantum computer breaks, or the other, or both', async () => {
    const postQuantum = createNoteSigner(
      'one.example',
      'ml-dsa-44-cosignature',
      deriveLogKey(Buffer.alloc(32, 1), 'witness', 'ml-dsa-44'),
    );
    const signer = key('one.example', 'ed25519-cosignature');
    const witness = createWitness({
      store: new MemoryWitnessStore(),
      signer,
      postQuantum: () => postQuantum,
      logs: () => [logKey],
      clock: { nowMs: () => 9_000 },
    });
    expect(witness.postQuantumKey()).toBe(formatVerifierKey(postQuantum));
    await log.grow(10);
    for (const trusted of [postQuantum, signer]) {
      await log.grow(1);
      await log.cosigning([{ ...witness, signer: trusted }])();
      const signed = parseSignedCheckpoint((await log.store.witnessed()) ?? '');
      const confirmed = signed && confirmNote(signed.note, [logKey, postQuantum, signer]);
      expect(confirmed?.map(({ verifier, timeMs }) => [verifier.algorithm, timeMs])).toEqual([
        ['ed25519', 0],
        [trusted.algorithm, 9_000],
      ]);
    }
  });

  it('takes no cosignature that does not say when', async () => {
    const witness = createWitness({
      store: new MemoryWitnessStore(),
      signer: key('one.example', 'ed25519-cosignature'),
      logs: () => [logKey],
      clock: { nowMs: () => 0 },
    });
    await log.grow(5);
    await log.cosigning([witness])();
    expect(await log.store.witnessed()).toBeUndefined();
  });

  it('keeps nothing while too few have signed', async () => {
    const [willing, stranger] = [makeWitness('one.example'), makeWitness('two.example', [])];
    await log.grow(5);
    await log.cosigning([willing, stranger], 2)();
    expect(await log.store.witnessed()).toBeUndefined();
    await log.cosigning([willing, stranger], 1)();
    expect(await log.store.witnessed()).toBeDefined();
  });
});

describe('a witness', () => {
  it('never signs two histories of one log, whoever signs them', async () => {
    const witness = makeWitness('one.example');
    const [log, fork] = [new GrowingLog(), new GrowingLog()];
    await log.grow(10);
    await log.cosigning([witness])();
    await fork.grow(20, 'b');
    await fork.cosigning([witness])();
    expect(await fork.store.witnessed()).toBeUndefined();
    expect(witness.store.heads.get(ORIGIN)?.size).toBe(10);
  });

  const note = (size: number, signer: NoteSigner, origin = ORIGIN) =>
    formatSignedNote(
      signNote(`${origin}\n${size}\n${Buffer.alloc(32, size).toString('base64')}\n`, [signer], 0),
    );

  it.each([
    ['400 for what is no request', 'hello', 400],
    ['400 for a log that shrinks', `old 5\n\n${note(3, logKey)}`, 400],
    ['403 for a wrong key', `old 0\n\n${note(3, key(ORIGIN, 'ed25519'))}`, 403],
    [
      '404 for a log that it does not know',
      `old 0\n\n${note(3, key('x.example', 'ed25519'), 'x.example')}`,
      404,
    ],
    ['409 for an old size that it never saw', `old 2\n\n${note(3, logKey)}`, 409],
  ])('answers %s', async (_, body, status) => {
    expect((await makeWitness('one.example').addCheckpoint(body)).status).toBe(status);
  });

  it('answers 422 for a proof that does not hold, and signs the same head twice', async () => {
    const witness = makeWitness('one.example');
    expect((await witness.addCheckpoint(`old 0\n\n${note(3, logKey)}`)).status).toBe(200);
    expect((await witness.addCheckpoint(`old 3\n\n${note(3, logKey)}`)).status).toBe(200);
    expect((await witness.addCheckpoint(`old 3\n\n${note(4, logKey)}`)).status).toBe(422);
    expect(witness.store.heads.get(ORIGIN)?.size).toBe(3);
  });
});
