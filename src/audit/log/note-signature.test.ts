import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint } from './checkpoint-text.ts';
import { deriveLogKey } from './log-key.ts';
import { createNoteSigner, formatVerifierKey, parseVerifierKey } from './note-key.ts';
import { signNoteText, verifyNoteText } from './note-signature.ts';

const ORIGIN = 'vouchgate.example/log';
const TIME_MS = 1_700_000_000_000;
const ROOT = Buffer.alloc(32, 9);
const text = formatCheckpoint({ origin: ORIGIN, size: 70_000, root: ROOT });
const privateKey = deriveLogKey(Buffer.alloc(32, 1), 'log', 'ml-dsa-44');
const signer = createNoteSigner(ORIGIN, 'ml-dsa-44-cosignature', privateKey);

/** A number of eight bytes, the highest first. */
function u64(value: number | bigint): string {
  return BigInt(value).toString(16).padStart(16, '0');
}

interface Message {
  label: string;
  name: string;
  time: string;
  origin: string;
  start: string;
  end: string;
  root: Buffer;
}

/** C2SP tlog-cosignature, `cosigned_message`, written out byte by byte and apart from the program. */
const MESSAGE: Message = {
  label: '737562747265652f76310a00',
  name: `15${Buffer.from('vouchgate.example/log').toString('hex')}`,
  time: u64(1_700_000_000),
  origin: `15${Buffer.from('vouchgate.example/log').toString('hex')}`,
  start: u64(0),
  end: u64(70_000),
  root: ROOT,
};

function signMessage(change: Partial<Message> = {}, stamp = MESSAGE.time): Buffer {
  const { label, name, time, origin, start, end, root } = { ...MESSAGE, ...change };
  const message = Buffer.from(`${label}${name}${time}${origin}${start}${end}${root.toString('hex')}`, 'hex');
  return Buffer.concat([Buffer.from(stamp, 'hex'), sign(null, message, privateKey)]);
}

describe('an ML-DSA-44 cosignature', () => {
  it('is made by a key that always follows from the same master key', () => {
    const vkey = formatVerifierKey(signer);
    expect(hash('sha256', vkey)).toBe('3a3a86d69fca041f67a15b3ad98f91a9be46149190cb44077fb5cdf05157b7e7');
    expect(signer.id).toBe('94bd52d7');
    expect(Buffer.from(vkey.split('+').slice(2).join('+'), 'base64')).toHaveLength(1 + 1_312);
    expect(deriveLogKey(Buffer.alloc(32, 1), 'witness', 'ml-dsa-44').equals(privateKey)).toBe(false);
  });

  it('is of the bytes that the specification names, with its time in front', () => {
    expect(verifyNoteText(text, signMessage(), signer)).toBe(TIME_MS);
    const own = signNoteText(text, signer, TIME_MS + 999);
    expect(own).toHaveLength(8 + 2_420);
    expect(own.readBigUInt64BE()).toBe(1_700_000_000n);
    expect(verifyNoteText(text, own, signer)).toBe(TIME_MS);
  });

  it.each<[string, Buffer]>([
    ['with another label', signMessage({ label: '737562747265652f76320a00' })],
    ['by another name', signMessage({ name: `02${Buffer.from('me').toString('hex')}` })],
    ['of another time than it says', signMessage({}, u64(1_700_000_001))],
    ['of another log', signMessage({ origin: `02${Buffer.from('me').toString('hex')}` })],
    ['of a subtree that begins later', signMessage({ start: u64(1) })],
    ['of another size', signMessage({ end: u64(70_001) })],
    ['of another root', signMessage({ root: Buffer.alloc(32, 8) })],
    ['of a time that the specification forbids', signMessage({ time: u64(2n ** 63n) }, u64(2n ** 63n))],
    ['that is a byte short', signMessage().subarray(0, -1)],
    ['that is a byte long', Buffer.concat([signMessage(), Buffer.of(0)])],
    ['that is empty', Buffer.of()],
  ])('%s is refused', (_, signature) => {
    expect(verifyNoteText(text, signature, signer)).toBeUndefined();
  });

  it('says nothing about extension lines, and signs nothing but checkpoints', () => {
    expect(verifyNoteText(`${text}an extension\n`, signMessage(), signer)).toBe(TIME_MS);
    expect(() => signNoteText('some text\n', signer, TIME_MS)).toThrow(TypeError);
    expect(verifyNoteText('some text\n', signMessage(), signer)).toBeUndefined();
  });

  it('cannot stand for a log whose name does not fit', () => {
    const long = formatCheckpoint({ origin: 'ö'.repeat(128), size: 1, root: ROOT });
    expect(() => signNoteText(long, signer, TIME_MS)).toThrow(TypeError);
    expect(verifyNoteText(long, signMessage(), signer)).toBeUndefined();
  });

  it('has a key that is read back from its vkey, and no other kind of key passes for one', () => {
    const vkey = formatVerifierKey(signer);
    const parsed = parseVerifierKey(vkey);
    expect(parsed && verifyNoteText(text, signMessage(), parsed)).toBe(TIME_MS);
    expect(parseVerifierKey(vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+'))).toBeUndefined();
    const raw = Buffer.from(vkey.slice(`${ORIGIN}+12345678+`.length), 'base64');
    const withId = (key: Buffer) => {
      const id = hash('sha256', Buffer.concat([Buffer.from(`${ORIGIN}\n`), key])).slice(0, 8);
      return parseVerifierKey(`${ORIGIN}+${id}+${key.toString('base64')}`);
    };
    expect(withId(raw)?.id).toBe(signer.id);
    expect(withId(raw.subarray(0, -1))).toBeUndefined();
    expect(withId(Buffer.concat([Buffer.of(0x04), raw.subarray(1)]))).toBeUndefined();
    expect(withId(Buffer.concat([Buffer.of(0x07), raw.subarray(1)]))).toBeUndefined();
    const ed25519 = generateKeyPairSync('ed25519').privateKey;
    expect(() => createNoteSigner(ORIGIN, 'ml-dsa-44-cosignature', ed25519)).toThrow(TypeError);
    expect(() => createNoteSigner(ORIGIN, 'ed25519', privateKey)).toThrow(TypeError);
  });
});

describe('an Ed25519 cosignature', () => {
  it('of a time that the specification forbids is refused, though it was signed', () => {
    const key = generateKeyPairSync('ed25519').privateKey;
    const witness = createNoteSigner('witness.example', 'ed25519-cosignature', key);
    const at = (seconds: bigint) =>
      Buffer.concat([
        Buffer.from(u64(seconds), 'hex'),
        sign(null, Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`), key),
      ]);
    expect(verifyNoteText(text, at(1_700_000_000n), witness)).toBe(TIME_MS);
    expect(verifyNoteText(text, at(2n ** 63n), witness)).toBeUndefined();
  });
});
