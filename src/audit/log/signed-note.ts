import type { NoteSigner, NoteVerifier } from './note-key.ts';
import { signNoteText, verifyNoteText } from './note-signature.ts';

/** C2SP signed-note: a text with signatures of keys that are known by name and id. */
export interface SignedNote {
  /** Ends with a line break. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly id: string;
  readonly signature: Buffer;
}

const NOTE_CHARS_MAX = 1_000_000;
/** C2SP signed-note asks for 16 at least. */
const SIGNATURES_MAX = 100;
const LINE = /^\u2014 ([^\s+]{1,255}) ([A-Za-z0-9+/]{6,100000}={0,2})$/u;

function parseSignature(line: string): NoteSignature | undefined {
  const [, name = '', encoded = ''] = LINE.exec(line) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length < 5 || bytes.toString('base64') !== encoded) return undefined;
  return { name, id: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) };
}

function isNoteText(text: string): boolean {
  // Control characters but the line break have no place in a note.
  return text.endsWith('\n') && !/[^\P{Cc}\n]/u.test(text);
}

/** Undefined when it is no note, or has no signature at all. Says nothing about the signatures being valid. */
export function parseSignedNote(note: string): SignedNote | undefined {
  if (note.length > NOTE_CHARS_MAX || !note.endsWith('\n')) return undefined;
  const split = note.lastIndexOf('\n\n');
  if (split < 0) return undefined;
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  if (!isNoteText(text) || lines.length > SIGNATURES_MAX) return undefined;
  const signatures = lines.map(parseSignature);
  const known = signatures.filter((each) => each !== undefined);
  return known.length === lines.length ? { text, signatures: known } : undefined;
}

function formatSignature({ name, id, signature }: NoteSignature): string {
  return `\u2014 ${name} ${Buffer.concat([Buffer.from(id, 'hex'), signature]).toString('base64')}\n`;
}

export function formatSignedNote({ text, signatures }: SignedNote): string {
  return `${text}\n${signatures.map(formatSignature).join('')}`;
}

/** Signs with every key, at the given time (ms since the epoch). */
export function signNote(text: string, signers: readonly NoteSigner[], timeMs: number): SignedNote {
  const signatures = signers.map((signer) => ({
    name: signer.name,
    id: signer.id,
    signature: signNoteText(text, signer, timeMs),
  }));
  return { text, signatures };
}

/** A key that signed, and when (ms since the epoch; 0 for a signature without a time). */
export interface Confirmation {
  readonly verifier: NoteVerifier;
  readonly timeMs: number;
}

/**
 * Which of the keys signed. Signatures of other keys are ignored; a known key with a wrong signature spoils the whole
 * note (C2SP signed-note), which is `undefined`.
 */
export function confirmNote(
  { text, signatures }: SignedNote,
  verifiers: readonly NoteVerifier[],
): readonly Confirmation[] | undefined {
  const confirmed = new Map<NoteVerifier, Confirmation>();
  for (const { name, id, signature } of signatures) {
    const verifier = verifiers.find((each) => each.name === name && each.id === id);
    if (verifier === undefined) continue;
    const timeMs = verifyNoteText(text, signature, verifier);
    if (timeMs === undefined) return undefined;
    confirmed.set(verifier, { verifier, timeMs });
  }
  return [...confirmed.values()];
}
