import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint, parseCheckpoint } from './checkpoint-text.ts';
import { parseSignedCheckpoint } from './checkpoint.ts';
import { findReceiptFault, formatReceipt, parseReceipt } from './inclusion-receipt.ts';
import { hashLeaf } from './merkle-hash.ts';
import { createNoteSigner, formatVerifierKey, parseVerifierKey } from './note-key.ts';
import { confirmNote, formatSignedNote, parseSignedNote, signNote } from './signed-note.ts';

const ORIGIN = 'vouchgate.example/log';
const TIME_MS = 1_700_000_000_000;

function key() {
  return generateKeyPairSync('ed25519').privateKey;
}

const log = createNoteSigner(ORIGIN, 'ed25519', key());
const witness = createNoteSigner('witness.example', 'ed25519-cosignature', key());
const entry = Buffer.from('one entry');
const text = formatCheckpoint({ origin: ORIGIN, size: 1, root: hashLeaf(entry) });

/** The note of the package documentation of golang.org/x/mod/sumdb/note, as an outside witness. */
const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_NOTE = [
  'If you think cryptography is the answer to your problem,',
  "then you don't know what your problem is.",
  '',
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=',
  '',
].join('\n');

describe('a signed note', () => {
  it('of another program is understood, and only as it was written', () => {
    const verifier = parseVerifierKey(GO_KEY);
    const note = parseSignedNote(GO_NOTE);
    expect(verifier && note && confirmNote(note, [verifier])).toHaveLength(1);
    const changed = parseSignedNote(GO_NOTE.replace('cryptography', 'Cryptography'));
    expect(verifier && changed && confirmNote(changed, [verifier])).toBeUndefined();
    expect(verifier && formatVerifierKey(verifier)).toBe(GO_KEY);
  });

  it('names those who signed, and when a witness did', () => {
    const note = parseSignedNote(formatSignedNote(signNote(text, [log, witness], TIME_MS)));
    const confirmed = note && confirmNote(note, [log, witness]);
    expect(confirmed?.map(({ verifier, timeMs }) => [verifier.name, timeMs])).toEqual([
      [ORIGIN, 0],
      ['witness.example', TIME_MS],
    ]);
  });

  it('ignores keys that it does not know, and is spoilt by a wrong signature of one that it does', () => {
    const other = createNoteSigner(ORIGIN, 'ed25519', key());
    expect(confirmNote(signNote(text, [other], TIME_MS), [log])).toEqual([]);
    const { signatures } = signNote('something else\n', [log], TIME_MS);
    expect(confirmNote({ text, signatures }, [log])).toBeUndefined();
  });

  it.each([
    ['without a signature', 'text\n\n'],
    ['without an end', 'text\n\n\u2014 name AAAAAAAA'],
    ['with a control character', 'te\u0007xt\n\n\u2014 name AAAAAAAA\n'],
    ['with another dash', 'text\n\n- name AAAAAAAA\n'],
    ['with base64 that is not canonical', 'text\n\n\u2014 name AAAAAAB=\n'],
  ])('%s is none', (_, note) => {
    expect(parseSignedNote(note)).toBeUndefined();
  });

  it('has keys whose id fits their bytes and name', () => {
    const vkey = formatVerifierKey(log);
    expect(parseVerifierKey(vkey)).toMatchObject({ name: ORIGIN, id: log.id });
    expect(parseVerifierKey(vkey.replace(ORIGIN, 'other.example'))).toBeUndefined();
    expect(parseVerifierKey('name+00000000+AQ==')).toBeUndefined();
  });
});

describe('a checkpoint', () => {
  it('comes back as it was', () => {
    expect(parseCheckpoint(text)).toEqual({ origin: ORIGIN, size: 1, root: hashLeaf(entry) });
  });

  it.each([
    ['a size with a leading zero', 'log\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'],
    [
      'a size beyond what can be counted',
      'log\n9999999999999999\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n',
    ],
    ['a root that is too short', 'log\n1\nAAAA\n'],
    ['no end', 'log\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='],
    ['no origin', '\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'],
  ])('with %s is none', (_, broken) => {
    expect(parseCheckpoint(broken)).toBeUndefined();
  });
});

describe('a receipt', () => {
  const note = signNote(text, [log, witness], TIME_MS);
  const signed = parseSignedCheckpoint(formatSignedNote(note));
  const receipt = signed && parseReceipt(formatReceipt({ index: 0, proof: [], signed }));
  const trust = { log, witnesses: [witness], quorum: 1 };

  it('holds with the keys alone', () => {
    expect(receipt && findReceiptFault(receipt, entry, trust)).toBeUndefined();
    expect(receipt).toBeDefined();
  });

  it('does not hold for another entry, another log or fewer witnesses', () => {
    expect(receipt && findReceiptFault(receipt, Buffer.from('another'), trust)).toBe('entry_not_included');
    const other = createNoteSigner('other.example/log', 'ed25519', key());
    expect(receipt && findReceiptFault(receipt, entry, { ...trust, log: other })).toBe('not_signed_by_log');
    const strange = createNoteSigner('strange.example', 'ed25519-cosignature', key());
    expect(receipt && findReceiptFault(receipt, entry, { ...trust, witnesses: [strange] })).toBe(
      'not_enough_witnesses',
    );
  });

  it('may carry something extra, which is not part of what it proves', () => {
    const withExtra =
      signed && formatReceipt({ index: 0, proof: [], signed }).replace('\nindex', '\nextra AAAA\nindex');
    expect(withExtra && parseReceipt(withExtra)?.index).toBe(0);
  });
});
