import { type Checkpoint, parseCheckpoint } from './checkpoint-text.ts';
import { parseSignedNote, type SignedNote } from './signed-note.ts';

/** A checkpoint and the note that carries it. */
export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly note: SignedNote;
}

/** Undefined when the note is none, or carries something else. */
export function parseSignedCheckpoint(text: string): SignedCheckpoint | undefined {
  const note = parseSignedNote(text);
  const checkpoint = note === undefined ? undefined : parseCheckpoint(note.text);
  return note === undefined || checkpoint === undefined ? undefined : { checkpoint, note };
}
