import { parseHash, parseSize } from './checkpoint-text.ts';
import { parseSignedCheckpoint, type SignedCheckpoint } from './checkpoint.ts';

/** Body of `add-checkpoint` (C2SP tlog-witness): from where to where the log grew, and the proof of it. */
export interface AddCheckpoint {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  readonly signed: SignedCheckpoint;
}

/** C2SP tlog-witness: a proof has at most 63 lines. */
const PROOF_MAX = 63;
const BODY_CHARS_MAX = 1_000_000;

export function formatAddCheckpoint(oldSize: number, proof: readonly Uint8Array[], note: string): string {
  const hashes = proof.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('');
  return `old ${oldSize}\n${hashes}\n${note}`;
}

/** Undefined when the body is not written as it has to be. */
export function parseAddCheckpoint(body: string): AddCheckpoint | undefined {
  const split = body.indexOf('\n\n');
  if (split < 0 || body.length > BODY_CHARS_MAX) return undefined;
  const [first = '', ...hashLines] = body.slice(0, split).split('\n');
  const oldSize = first.startsWith('old ') ? parseSize(first.slice(4)) : undefined;
  const proof = hashLines.map(parseHash).filter((hash) => hash !== undefined);
  const signed = parseSignedCheckpoint(body.slice(split + 2));
  const whole = proof.length === hashLines.length && proof.length <= PROOF_MAX;
  return oldSize === undefined || signed === undefined || !whole ? undefined : { oldSize, proof, signed };
}
